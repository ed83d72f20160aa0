import { BUILD_SCENARIO } from "./axis.ts";
import { compareCells, firstBad, type Comparison, type Effect } from "./compare.ts";
import type { CellResult } from "../events/result.ts";
import type { Variant } from "./builds.ts";

const MARKS: Record<Effect, string> = {
  "new failure": "✖",
  fixed: "✔",
  unchanged: "✔",
  "fails as before": "=",
  "not run": "-",
  undecided: "?",
};

/** What somebody has to act on comes first. */
const ORDER: readonly Effect[] = [
  "new failure",
  "undecided",
  "fixed",
  "fails as before",
  "unchanged",
  "not run",
];

/** The verdict on a patch for people: what it broke first, then what it mended, then the rest. */
export function renderCheck(cells: readonly CellResult[], variants: readonly Variant[]): string {
  const comparisons = compareCells(cells);
  const lines = ORDER.flatMap((effect) =>
    comparisons.filter((one) => one.effect === effect).flatMap(rows),
  );
  const tried = comparisons.reduce((sum, { patched }) => sum + attemptsOf(patched).length, 0);
  const what = tried === 1 ? "something" : `${tried} things`;
  const warning = tried > 0 ? [`A build tried ${what} that it may not: read the patch.`] : [];
  return `\n${[...lines, "", verdict(comparisons, variants), ...warning].join("\n")}\n`;
}

/** What a build tried is for whoever reads the patch, also when it builds. */
function attemptsOf({ scenario, comments }: CellResult): readonly string[] {
  return scenario === BUILD_SCENARIO ? comments : [];
}

function rows({ id, variant, effect, patched, base }: Comparison): string[] {
  const series = variant === "patched" ? "" : ` (${variant})`;
  const head = `${MARKS[effect]} ${effect.padEnd(15)} ${id}${series}`;
  const why = effect === "fixed" ? base : patched;
  const said = why?.diagnosis ?? why?.reason ?? "";
  return [head, ...(said === "" ? [] : [said]), ...attemptsOf(patched)].map((line, at) =>
    at === 0 ? line : `    ${line}`,
  );
}

function verdict(comparisons: readonly Comparison[], variants: readonly Variant[]): string {
  const count = (wanted: Effect) => comparisons.filter(({ effect }) => effect === wanted).length;
  const order = variants.map(({ name }) => name);
  const bad = firstBad(comparisons, order);
  const title = variants.find(({ name }) => name === bad)?.title;
  if (bad !== undefined && variants.length > 1) {
    return `The first bad patch is ${order.indexOf(bad) + 1} of ${order.length}: ${title ?? bad}`;
  }
  if (bad !== undefined)
    return `${title ?? bad} breaks ${count("new failure")} of ${comparisons.length}.`;
  const fixed = count("fixed");
  const mends = fixed > 0 ? `, and mends ${fixed}` : "";
  const unseen = count("undecided");
  if (unseen > 0) return `Nothing is seen to break${mends}; ${unseen} could not be compared.`;
  return `Nothing breaks${mends}.`;
}
