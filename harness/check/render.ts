import { compareCells, firstBad, nothingWorks, type Comparison, type Effect } from "./compare.ts";
import type { CellResult } from "../events/result.ts";
import { BUILD_SCENARIO } from "../events/schema.ts";
import type { Variant } from "./builds.ts";

const MARKS: Record<Effect, string> = {
  "new failure": "✖",
  "fails otherwise": "✖",
  fixed: "✔",
  unchanged: "✔",
  "fails as before": "=",
  "not run": "-",
  undecided: "?",
};

/** What somebody has to act on comes first. */
const ORDER: readonly Effect[] = [
  "new failure",
  "fails otherwise",
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
  const count = (...wanted: Effect[]) =>
    comparisons.filter(({ effect }) => wanted.includes(effect)).length;
  const order = variants.map(({ name }) => name);
  const bad = firstBad(comparisons, order);
  if (bad !== undefined) {
    const title = variants.find(({ name }) => name === bad.variant)?.title ?? bad.variant;
    const broken = count("new failure", "fails otherwise");
    if (order.length === 1) return `${title} breaks ${broken} of ${comparisons.length}.`;
    const place = `${order.indexOf(bad.variant) + 1} of ${order.length}`;
    if (bad.unsure === undefined) return `The first bad patch is ${place}: ${title}`;
    const earlier = order.indexOf(bad.unsure) + 1;
    return `The first bad patch is ${place} at the latest: ${title}; ${earlier} could not be seen.`;
  }
  if (nothingWorks(comparisons)) return "Nothing works without the patch either: it is not judged.";
  const ran = comparisons.filter(({ base }) => base !== undefined);
  if (ran.length > 0 && ran.every(({ effect }) => effect === "not run")) {
    return "No scenario ran.";
  }
  const mends = count("fixed") > 0 ? `, and mends ${count("fixed")}` : "";
  const asBefore = count("fails as before");
  const rest = asBefore > 0 ? `; ${asBefore} fail with and without it` : "";
  const unseen = count("undecided");
  if (unseen > 0) {
    return `Nothing is seen to break${mends}${rest}; ${unseen} could not be compared.`;
  }
  return `Nothing breaks${mends}${rest}.`;
}
