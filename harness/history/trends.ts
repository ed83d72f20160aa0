import type { Trend } from "../events/history.ts";
import type { HistoryRecord } from "./record.ts";

/** Points of a curve; more cannot be told apart on a page. */
const POINTS = 60;
/** Phases that bring a host up; a run's figure is their sum. */
const BOOT_PHASES = ["clone", "boot", "identity", "health"];

/** Curves of what a developer watches: boots and flakes by host, downtime and duration by cell. */
export function trendsOf(records: readonly HistoryRecord[], cells: ReadonlySet<string>): Trend[] {
  const ofCells = records.filter(({ cell }) => cells.has(cell));
  const hosts = [...new Set(ofCells.map(({ host }) => host))];
  return [
    ...hosts.map((host) => hostTrend("start of the host", host, "s", records, bootSeconds)),
    ...hosts.map((host) => hostTrend("flaky cells", host, "%", records, flakePercent)),
    ...downtimes(ofCells),
    ...[...cells].map((cell) => durationOf(cell, ofCells)),
  ].filter(({ points }) => points.length > 1);
}

function hostTrend(
  name: string,
  host: string,
  unit: Trend["unit"],
  records: readonly HistoryRecord[],
  figure: (ofRun: readonly HistoryRecord[]) => number | undefined,
): Trend {
  const runs = new Map<string, HistoryRecord[]>();
  for (const record of records) {
    if (record.host === host) runs.set(record.run, [...(runs.get(record.run) ?? []), record]);
  }
  const points = [...runs.values()].flatMap((ofRun) => {
    const value = figure(ofRun);
    return value === undefined ? [] : [{ at: ofRun[0]!.at, value }];
  });
  return { name, host, unit, points: points.slice(-POINTS) };
}

function bootSeconds(ofRun: readonly HistoryRecord[]): number | undefined {
  const sums = ofRun
    .map(({ figures }) => BOOT_PHASES.reduce((sum, phase) => sum + (figures[phase] ?? 0), 0))
    .filter((ms) => ms > 0)
    .sort((a, b) => a - b);
  const middle = sums[sums.length >> 1];
  return middle === undefined ? undefined : middle / 1000;
}

function flakePercent(ofRun: readonly HistoryRecord[]): number {
  return (ofRun.filter(({ status }) => status === "flaky").length / ofRun.length) * 100;
}

/** Scenarios name a figure `…downtime_ms`, whatever they migrate. */
function downtimes(records: readonly HistoryRecord[]): Trend[] {
  const trends = new Map<string, Trend>();
  for (const { cell, host, at, figures } of records) {
    for (const [figure, value] of Object.entries(figures)) {
      if (!/downtime_ms$/.test(figure)) continue;
      const name = `${figure.replaceAll("_", " ").replace(/ ms$/, "")} of ${cell}`;
      const trend = trends.get(name) ?? { name, host, unit: "ms" as const, points: [] };
      trend.points.push({ at, value });
      trends.set(name, trend);
    }
  }
  return [...trends.values()].map((trend) => ({ ...trend, points: trend.points.slice(-POINTS) }));
}

function durationOf(cell: string, records: readonly HistoryRecord[]): Trend {
  const own = records.filter((record) => record.cell === cell && record.status === "passed");
  const points = own.map(({ at, ms }) => ({ at, value: ms / 1000 })).slice(-POINTS);
  return { name: `duration of ${cell}`, host: own[0]?.host ?? "", unit: "s", points };
}
