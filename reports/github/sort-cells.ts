import type { CellResult, RunResult } from "../../harness/events/result.ts";
import { isRed } from "../../harness/events/status.ts";

/** What a run says about a change: each cell is in at most one of them. */
export interface SortedCells {
  /** Red, unknown, and good when it was last seen, or never seen before. */
  fresh: CellResult[];
  /** Red and unknown, but red before this change already. */
  stale: CellResult[];
  /** Red, as a known issue says. */
  known: CellResult[];
  /** Cut off: nothing was learnt. */
  unfinished: CellResult[];
  flaky: CellResult[];
  /** Good, and red when last seen. */
  fixed: CellResult[];
}

export function sortCells({ run, cells, history }: RunResult): SortedCells {
  const past = new Map(history?.cells.map((each) => [each.cell, each]));
  const sorted: SortedCells = {
    fresh: [],
    stale: [],
    known: [],
    unfinished: [],
    flaky: [],
    fixed: [],
  };
  for (const cell of cells) {
    const before = past.get(cell.id);
    if (cell.status === "interrupted") sorted.unfinished.push(cell);
    else if (isRed(cell.status)) {
      const { firstBad } = before ?? {};
      const isOld = firstBad !== undefined && firstBad.run !== run.runId;
      sorted[cell.known ? "known" : isOld ? "stale" : "fresh"].push(cell);
    } else if (cell.status === "flaky") sorted.flaky.push(cell);
    else if (cell.status === "passed") {
      const last = before?.recent.at(-2);
      if (last !== undefined && isRed(last.status)) sorted.fixed.push(cell);
    }
  }
  return sorted;
}
