import type { RunResult } from "../../harness/events/result.ts";
import { CELL_STATUSES } from "../../harness/events/status.ts";
import { plainLine } from "../text.ts";
import { duration, LOOK, type Paint } from "./style.ts";

/** The last lines of a run: counts, time, files, and on failure the next command to type. */
export function summary(result: RunResult, shownFiles: readonly string[], paint: Paint): string[] {
  const { counts, run, exitCode, reason, next } = result;
  const parts = CELL_STATUSES.filter(
    (status) => status === "passed" || status === "failed" || counts[status] > 0,
  ).map((status) => {
    const { word, format } = LOOK[status];
    const text = `${counts[status]} ${word}`;
    return counts[status] > 0 ? paint(format, text) : text;
  });
  const failed = exitCode !== 0;
  return [
    "",
    `${parts.join(", ")}  ${paint("dim", duration(run.ms))}`,
    ...(failed && reason ? [plainLine(reason, 2000)] : []),
    ...shownFiles.map((file) => paint("dim", file)),
    ...(failed && next ? [`next: ${paint("bold", next)}`] : []),
  ];
}
