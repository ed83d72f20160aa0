/** What became of one cell. `error` is infrastructure or harness, never the scenario. */
export const CELL_STATUSES = [
  "passed",
  "failed",
  "error",
  "timedout",
  "skipped",
  "interrupted",
] as const;
export type CellStatus = (typeof CELL_STATUSES)[number];
