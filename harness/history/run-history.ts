import type { RunHistory } from "../events/history.ts";
import type { RunResult } from "../events/result.ts";
import { changesSince } from "./changes.ts";
import { historyOfCells } from "./cell-history.ts";
import { recordsOf, type HistoryRecord } from "./record.ts";
import { trendsOf } from "./trends.ts";

export interface RunHistoryOptions {
  /** Directory in which each run has its own. */
  runs: string;
  root: string;
  /** Directory of the run that is looked at. */
  directory: string;
}

/** What earlier runs add to this one: nothing where there are none. */
export async function runHistory(
  result: RunResult,
  earlier: readonly HistoryRecord[],
  { runs, root, directory }: RunHistoryOptions,
): Promise<RunHistory | undefined> {
  const own = recordsOf(result);
  // The accelerator decides over times, and over some outcomes too.
  const before = earlier.filter(
    ({ run, accel }) => run !== result.run.runId && accel === result.run.accel,
  );
  if (own.length === 0 || before.length === 0) return undefined;
  const records = [...before, ...own];
  const cells = new Set(own.map(({ cell }) => cell));
  const histories = [...historyOfCells(records)].flatMap(([id, each]) =>
    cells.has(id) ? [each] : [],
  );
  const red = histories.filter(({ firstBad }) => firstBad !== undefined);
  const changes = await changesSince(red, { runs, root, run: result.run, directory });
  return { cells: histories, changes, trends: trendsOf(records, cells) };
}
