import type { RunResult } from "../events/result.ts";
import type { PlannedCell } from "../events/schema.ts";
import { recentResults } from "./run-results.ts";

/** Runs that are looked at; older ones say little about today's code. */
const HISTORY_RUNS = 20;
/** Image from the store, template booted once: a first guess for a host without history. */
const PREPARATION_SECONDS = 180;

/** Durations of earlier runs, in seconds. */
export interface CostHistory {
  /** By id of the cell. */
  cells: ReadonlyMap<string, number>;
  /** Image and template, by host. */
  preparations: ReadonlyMap<string, number>;
}

export interface CostedCell extends PlannedCell {
  /** Expected, with the boot of its host; 0 when excluded. */
  seconds: number;
  /** Where that comes from. */
  basis: "history" | "deadline";
}

/** Medians over the newest runs below `runs`; empty when there is none. */
export async function readHistory(runs: string): Promise<CostHistory> {
  return historyOf(await recentResults(runs, HISTORY_RUNS));
}

/** @param results newest first; only those with the accelerator of the newest count */
export function historyOf(results: readonly RunResult[]): CostHistory {
  const accel = results[0]?.run.accel;
  const cells = new Map<string, number[]>();
  const preparations = new Map<string, number[]>();
  for (const result of results.filter(({ run }) => run.accel === accel)) {
    for (const { id, status, attempts } of result.cells) {
      // What an error or an interruption cut off says nothing about a whole cell.
      if (!["passed", "flaky", "failed", "timedout"].includes(status)) continue;
      push(cells, id, attempts.reduce((sum, { ms }) => sum + ms, 0) / 1000);
    }
    for (const [host, seconds] of preparationsOf(result)) push(preparations, host, seconds);
  }
  return { cells: medians(cells), preparations: medians(preparations) };
}

/**
 * A cell that never ran is expected to take the usual share of its deadline: that of the cells
 * with a history, or all of it where there is none.
 */
export function costCells(
  cells: readonly PlannedCell[],
  history: Pick<CostHistory, "cells">,
): CostedCell[] {
  const shares = cells.flatMap(({ id, deadlineSeconds }) => {
    const known = history.cells.get(id);
    return known === undefined ? [] : [known / deadlineSeconds];
  });
  const share = shares.length === 0 ? 1 : median(shares);
  return cells.map((cell) => {
    const known = history.cells.get(cell.id);
    const seconds = cell.excluded === undefined ? (known ?? cell.deadlineSeconds * share) : 0;
    return { ...cell, seconds, basis: known === undefined ? "deadline" : "history" };
  });
}

export function preparationSeconds(host: string, { preparations }: CostHistory): number {
  return preparations.get(host) ?? PREPARATION_SECONDS;
}

/** The phase `ready` of `image:<host>` and `template:<host>` spans all others. */
function preparationsOf({ preparations }: RunResult): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { scope, phase, ms, ended } of preparations) {
    const host = /^(?:image|template):(.+)$/.exec(scope)?.[1];
    if (host === undefined || phase !== "ready" || !ended) continue;
    sums.set(host, (sums.get(host) ?? 0) + ms / 1000);
  }
  return sums;
}

function push(lists: Map<string, number[]>, key: string, value: number): void {
  lists.set(key, [...(lists.get(key) ?? []), value]);
}

function medians(lists: ReadonlyMap<string, number[]>): Map<string, number> {
  return new Map([...lists].map(([key, values]) => [key, median(values)]));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
