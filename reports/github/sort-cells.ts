import type { HistoryOfCell } from "../../harness/events/history.ts";
import type { CellResult, RunResult } from "../../harness/events/result.ts";
import { isRed } from "../../harness/events/status.ts";
import { excuseOf, isBase, isUndecided } from "../compared.ts";

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
  /** Not seen without the patch, and what fails with it: there is nothing to compare with. */
  unseen: CellResult[];
  flaky: CellResult[];
  /** Good, and red before this change. */
  fixed: CellResult[];
}

type Place = keyof SortedCells;

export function sortCells({ run, cells, history }: RunResult): SortedCells {
  const past = new Map(history?.cells.map((each) => [each.cell, each]));
  const sorted: SortedCells = {
    fresh: [],
    stale: [],
    known: [],
    unfinished: [],
    unseen: [],
    flaky: [],
    fixed: [],
  };
  for (const cell of cells) {
    const place = cell.comparison
      ? besideBase(cell)
      : afterEarlierRuns(cell, past.get(cell.id), run.runId);
    if (place) sorted[place].push(cell);
  }
  return sorted;
}

function afterEarlierRuns(
  { status, known }: CellResult,
  before: HistoryOfCell | undefined,
  runId: string,
): Place | undefined {
  if (status === "interrupted") return "unfinished";
  if (isRed(status)) {
    const { firstBad } = before ?? {};
    const isOld = firstBad !== undefined && firstBad.run !== runId;
    return known ? "known" : isOld ? "stale" : "fresh";
  }
  if (status === "flaky") return "flaky";
  const last = status === "passed" ? before?.recent.at(-2) : undefined;
  return last !== undefined && isRed(last.status) ? "fixed" : undefined;
}

/** Earlier runs do not count: their cells of the same name had another patch. */
function besideBase(cell: CellResult): Place | undefined {
  const { status, known, comparison } = cell;
  if (status === "interrupted") return "unfinished";
  if (isBase(cell)) return status === "error" ? "unseen" : undefined;
  if (isRed(status) && known) return "known";
  if (isUndecided(cell)) return "unseen";
  if (isRed(status)) return excuseOf(cell) === undefined ? "fresh" : "stale";
  if (comparison?.effect === "fixed") return "fixed";
  return status === "flaky" ? "flaky" : undefined;
}
