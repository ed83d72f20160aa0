import type { RunResult } from "../../harness/events/result.ts";
import { CELL_STATUSES } from "../../harness/events/status.ts";
import { failsWithoutPatch } from "../compared.ts";
import { plainLine } from "../text.ts";
import { duration, LOOK, type Paint } from "./style.ts";

/** The last lines of a run: counts, time, files, and on failure the next command to type. */
export function summary(result: RunResult, shownFiles: readonly string[], paint: Paint): string[] {
  const { counts, cells, run, exitCode, reason, next } = result;
  const before = cells.filter(failsWithoutPatch);
  const parts = CELL_STATUSES.flatMap((status) => {
    const count = counts[status] - before.filter((cell) => cell.status === status).length;
    if (count === 0 && status !== "passed" && status !== "failed") return [];
    const { word, format } = LOOK[status];
    const text = `${count} ${word}`;
    return [count > 0 ? paint(format, text) : text];
  });
  if (before.length > 0) parts.push(paint("dim", `${before.length} failed without the patch`));
  const failed = exitCode !== 0;
  return [
    "",
    `${parts.join(", ")}  ${paint("dim", duration(run.ms))}`,
    ...(failed && reason ? [plainLine(reason, 2000)] : []),
    ...shownFiles.map((file) => paint("dim", file)),
    ...(failed && next ? [`next: ${paint("bold", next)}`] : []),
  ];
}
