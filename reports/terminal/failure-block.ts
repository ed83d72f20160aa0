import { join } from "node:path";
import type { AttemptResult, CellResult } from "../../harness/events/result.ts";
import { diagnosisBesides } from "../diagnosis-besides.ts";
import { rerunCommand } from "../rerun.ts";
import { plainLine } from "../text.ts";
import type { Paint } from "./style.ts";

const CONSOLE_LINES = 20;
const EVIDENCE_PATHS = 8;

/**
 * What a user needs about a cell that did not pass, in lines: title, cell and phase,
 * the reason in one sentence, the end of the console, the evidence, how to run it again.
 */
export function failureBlock(cell: CellResult, shownDir: string, paint: Paint): string[] {
  const attempt = cell.attempts.at(-1);
  const phase = attempt && failingPhase(attempt);
  const place = phase === undefined ? cell.id : `${cell.id} · ${phase}`;
  const code = cell.code === undefined ? "" : ` ${paint("dim", `(${cell.code})`)}`;
  const diagnosis = diagnosisBesides(cell);
  const failed = attempt?.assertions.filter(({ ok }) => !ok) ?? [];
  return [
    "",
    paint("bold", plainLine(cell.title)),
    paint("dim", plainLine(place)),
    `${plainLine(cell.reason)}${code}`,
    ...(diagnosis === undefined ? [] : [plainLine(diagnosis)]),
    ...(cell.hint === undefined ? [] : [`→ ${plainLine(cell.hint)}`]),
    ...(cell.known ? [`known     ${cell.known.issue}: ${plainLine(cell.known.title)}`] : []),
    ...failed.flatMap(({ name, detail }) => [
      `not ok: ${plainLine(name)}`,
      ...(detail ?? "")
        .split("\n")
        .filter(Boolean)
        .map((line) => `  ${plainLine(line)}`),
    ]),
    ...cell.excerpt.slice(-CONSOLE_LINES).map((line) => paint("dim", `│ ${plainLine(line)}`)),
    ...evidenceLines(attempt, shownDir),
    `re-run    ${rerunCommand(cell)}`,
    "",
  ].map((line) => (line === "" ? line : `    ${line}`));
}

function failingPhase({ phases }: AttemptResult): string | undefined {
  return (phases.findLast(({ ended }) => !ended) ?? phases.at(-1))?.phase;
}

function evidenceLines(attempt: AttemptResult | undefined, shownDir: string): string[] {
  const paths = attempt?.evidence.map(({ path }) => join(shownDir, path)) ?? [];
  const shown = paths.slice(0, EVIDENCE_PATHS);
  const rest = paths.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more files`] : [])].map(
    (text, index) => `${index === 0 ? "evidence" : "        "}  ${text}`,
  );
}
