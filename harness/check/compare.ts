import { exitCode } from "../events/exit-code.ts";
import { normalised } from "../events/failure-title.ts";
import type { CellResult } from "../events/result.ts";
import { BUILD_SCENARIO } from "../events/schema.ts";
import { worked } from "../events/status.ts";
import { formatCellId } from "../plan/cell.ts";
import { BASE, commonAxes, variantOf } from "./axis.ts";

/** What a patch did to one cell. */
export type Effect =
  | "new failure"
  | "fails otherwise"
  | "fixed"
  | "unchanged"
  | "fails as before"
  | "not run"
  | "undecided";

export interface Comparison {
  /** The cell without the axis of builds. */
  id: string;
  host: string;
  variant: string;
  effect: Effect;
  base: CellResult | undefined;
  patched: CellResult;
}

/** Every patched cell against the unpatched one of the same run, and builds against nothing. */
export function compareCells(cells: readonly CellResult[]): Comparison[] {
  const bases = new Map(
    cells.filter((cell) => variantOf(cell) === BASE).map((cell) => [commonId(cell), cell]),
  );
  return cells
    .filter((cell) => ![undefined, BASE].includes(variantOf(cell)))
    .map((patched) => {
      const id = commonId(patched);
      const base = bases.get(id);
      const effect = patched.scenario === BUILD_SCENARIO ? ofBuild(patched) : of(base, patched);
      return { id, host: patched.host, variant: variantOf(patched) ?? "", effect, base, patched };
    });
}

function commonId(cell: CellResult): string {
  return formatCellId({ scenario: cell.scenario, host: cell.host, axes: commonAxes(cell) });
}

function ofBuild({ status }: CellResult): Effect {
  if (status === "passed") return "unchanged";
  return status === "failed" ? "new failure" : "undecided";
}

function of(base: CellResult | undefined, patched: CellResult): Effect {
  if (patched.status === "skipped") return "not run";
  const [before, after] = [worked(base?.status), worked(patched.status)];
  if (before === undefined || after === undefined) return "undecided";
  if (before !== after) return after ? "fixed" : "new failure";
  if (after) return "unchanged";
  return base && failsAlike(base, patched) ? "fails as before" : "fails otherwise";
}

/** Whether two cells say the same, but for what differs from one time to the next. */
function failsAlike(one: CellResult, other: CellResult): boolean {
  if (one.code !== other.code) return false;
  const [a, b] = [one, other].map((cell) => normalised(cell.diagnosis ?? cell.reason, cell));
  if (a === undefined || b === undefined) return false;
  if (!a.endsWith("…") && !b.endsWith("…")) return a === b;
  // They were cut before what varies was taken out.
  const shared = Math.min(a.length, b.length) - CUT;
  return a.slice(0, shared) === b.slice(0, shared);
}

/** Characters at the end of a sentence that was cut in which two of them may differ. */
const CUT = 8;

/** The exit code of a check: what failed before the patch too is not its fault. */
export function checkCode(comparisons: readonly Comparison[]): number {
  const has = (wanted: Effect): boolean => comparisons.some(({ effect }) => effect === wanted);
  if (has("new failure") || has("fails otherwise")) return exitCode("failed");
  const unseen = comparisons.filter(({ effect }) => effect === "undecided");
  const broken = unseen.some(
    ({ base, patched }) =>
      worked(patched.status) === false ||
      [base?.status, patched.status].some((s) => s === "error" || s === "interrupted"),
  );
  return exitCode(broken || nothingWorks(comparisons) ? "error" : "passed");
}

/** Where everything fails without the patch too, nothing can be said of the patch. */
export function nothingWorks(comparisons: readonly Comparison[]): boolean {
  const compared = comparisons.filter(({ base }) => worked(base?.status) !== undefined);
  return compared.length > 0 && compared.every(({ effect }) => effect === "fails as before");
}

export interface BadPatch {
  variant: string;
  /** An earlier one may be it: not all of its cells could be seen. */
  unsure?: string;
}

/** The first patch of a series that breaks something. */
export function firstBad(
  comparisons: readonly Comparison[],
  order: readonly string[],
): BadPatch | undefined {
  const has = (variant: string, ...effects: Effect[]): boolean =>
    comparisons.some((one) => one.variant === variant && effects.includes(one.effect));
  const variant = order.find((name) => has(name, "new failure", "fails otherwise"));
  if (variant === undefined) return undefined;
  const unsure = order.slice(0, order.indexOf(variant)).find((name) => has(name, "undecided"));
  return { variant, ...(unsure !== undefined && { unsure }) };
}
