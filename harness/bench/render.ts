import { FIGURES, type FigureName, type Unit } from "./figures.ts";
import type { Ratio } from "./ratios.ts";
import type { BenchReport } from "./report.ts";
import type { SoakReport } from "./soak-report.ts";
import type { Summary } from "./statistics.ts";

/** Rows of a report for a person, ratios first: they hold on other machines, seconds do not. */
export interface Rendered {
  head: string;
  ratios: string[][];
  figures: string[][];
}

export function renderBench(report: BenchReport): Rendered {
  const { accelerator, machine, host, repeat } = report;
  const why = accelerator.reason === undefined ? "" : ` (${accelerator.reason})`;
  const named = Object.entries(report.figures) as [FigureName, Summary][];
  return {
    head:
      `${host} under ${accelerator.accel.toUpperCase()}${why}, QEMU ${accelerator.qemu}, ` +
      `${machine.cores} cores, load ${machine.loadBefore.toFixed(1)} to ` +
      `${machine.loadAfter.toFixed(1)}, medians of ${repeat} ` +
      `${repeat === 1 ? "repetition" : "repetitions"}`,
    ratios: report.ratios.map((ratio) => [amount(ratio), ratio.meaning, barWords(ratio)]),
    figures: named.map(([name, { median, spread, min, max, n }]) => {
      const [meaning, unit] = FIGURES[name];
      return [
        value(median, unit),
        `±${Math.round(spread * 100)} %`,
        `${value(min, unit)} – ${value(max, unit)}`,
        String(n),
        meaning,
      ];
    }),
  };
}

function amount({ value: number, unit }: Ratio): string {
  return `${number < 10 ? number.toFixed(2) : number.toFixed(0)} ${unit}`;
}

function barWords({ bar, kept, unit }: Ratio): string {
  if (bar === undefined) return "";
  const words = "atLeast" in bar ? `at least ${bar.atLeast}` : `at most ${bar.atMost}`;
  return `${kept ? "kept" : "NOT KEPT"}: ${words} ${unit}`;
}

function value(number: number, unit: Unit): string {
  if (unit === "MiB") return `${number.toFixed(0)} MiB`;
  return number < 1000 ? `${number.toFixed(1)} ms` : `${(number / 1000).toFixed(2)} s`;
}

export function renderSoak(report: SoakReport): string {
  const { asked, right, guests, parallel, accel, wrong, drift, seconds } = report;
  const lines = [
    `${right} of ${asked} clones right, ${guests} with a PV guest, ${parallel} at once, ` +
      `${seconds.toFixed(0)} s under ${accel.toUpperCase()}`,
    ...wrong.map(({ clone, reason }) => `clone ${clone}: ${reason}`),
    ...drift.map(
      ({ what, before, after, limit, kept }) =>
        `${kept ? "steady" : "DRIFT"}: ${what} ${before.toFixed(0)} → ${after.toFixed(0)}, ` +
        `${limit} more allowed`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
