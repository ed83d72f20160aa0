/** How one attempt at a cell ended. `error` is infrastructure or harness, never the scenario. */
export const ATTEMPT_STATUSES = [
  "passed",
  "failed",
  "error",
  "timedout",
  "skipped",
  "interrupted",
] as const;
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number];

/** What became of one cell. `flaky`: its last attempt passed, an earlier one did not. */
export const CELL_STATUSES = [
  "passed",
  "flaky",
  "failed",
  "error",
  "timedout",
  "skipped",
  "interrupted",
] as const;
export type CellStatus = (typeof CELL_STATUSES)[number];

/** Whether an attempt went wrong: it is retried, and a known issue may explain it. */
export function wentWrong(status: AttemptStatus): boolean {
  return status === "failed" || status === "timedout" || status === "error";
}

/** Whether a cell needs somebody's attention before the change is good. */
export function isRed(status: CellStatus): boolean {
  return !["passed", "flaky", "skipped"].includes(status);
}

/** Whether what a cell shows works; undefined where that was not seen. */
export function worked(status: CellStatus | undefined): boolean | undefined {
  switch (status) {
    case "passed":
    case "flaky":
      return true;
    case "failed":
    case "timedout":
      return false;
    default:
      return undefined;
  }
}
