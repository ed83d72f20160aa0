import type { HistoryMoment, HistoryOfCell } from "../events/history.ts";
import { isRed } from "../events/status.ts";
import type { HistoryRecord } from "./record.ts";

/** Runs that a report draws; older ones are counted, not drawn. */
const DRAWN = 30;

/** The history of each cell, by id; `records` are in the order of their runs. */
export function historyOfCells(records: readonly HistoryRecord[]): Map<string, HistoryOfCell> {
  const byCell = new Map<string, HistoryRecord[]>();
  for (const record of records) {
    const own = byCell.get(record.cell);
    if (own) own.push(record);
    else byCell.set(record.cell, [record]);
  }
  return new Map([...byCell].map(([cell, own]) => [cell, historyOfCell(cell, own)]));
}

/** @param records of one cell, the oldest first, at least one */
export function historyOfCell(cell: string, records: readonly HistoryRecord[]): HistoryOfCell {
  const lastGoodAt = records.findLastIndex(({ status }) => !isRed(status));
  const firstBad = records[lastGoodAt + 1];
  const lastGood = records[lastGoodAt];
  return {
    cell,
    runs: records.length,
    flakes: flakesIn(records),
    recent: records.slice(-DRAWN).map(({ run, at, status, ms }) => ({ run, at, status, ms })),
    // Only while it is red: what comes after the last good run is bad, or nothing.
    ...(firstBad && { firstBad: momentOf(firstBad) }),
    ...(lastGood && { lastGood: momentOf(lastGood) }),
  };
}

/**
 * Runs whose outcome was chance: a retry passed, or the same code, packages and scenario gave
 * another outcome at other times. Of the latter the rarer outcomes are counted.
 */
function flakesIn(records: readonly HistoryRecord[]): number {
  const groups = new Map<string, { good: number; bad: number }>();
  let flaky = 0;
  for (const { status, commit, lock, code } of records) {
    if (status === "flaky") {
      flaky += 1;
      continue;
    }
    if (commit === undefined || commit.endsWith("-dirty")) continue;
    const key = [commit, lock, code].join(" ");
    const group = groups.get(key) ?? { good: 0, bad: 0 };
    group[isRed(status) ? "bad" : "good"] += 1;
    groups.set(key, group);
  }
  return [...groups.values()].reduce((sum, { good, bad }) => sum + Math.min(good, bad), flaky);
}

function momentOf({ run, at, commit, lock, code, versions, title }: HistoryRecord): HistoryMoment {
  return {
    run,
    at,
    versions,
    ...(commit !== undefined && { commit }),
    ...(lock !== undefined && { lock }),
    ...(code !== undefined && { code }),
    ...(title !== undefined && { title }),
  };
}
