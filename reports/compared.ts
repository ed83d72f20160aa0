import type { CellResult } from "../harness/events/result.ts";
import { BUILD_SCENARIO } from "../harness/events/schema.ts";
import { worked } from "../harness/events/status.ts";

/** A cell of the build without the patch: what it comes to is no doing of the patch. */
export function isBase({ comparison }: CellResult): boolean {
  return comparison?.role === "base";
}

/** A cell that says whether what is checked builds. Its comments are what the build tried. */
export function isBuild({ scenario }: CellResult): boolean {
  return scenario === BUILD_SCENARIO;
}

/** Fails with the patch, and was not seen without it: nobody knows whose failure it is. */
export function isUndecided({ status, comparison }: CellResult): boolean {
  return worked(status) === false && comparison?.effect === "undecided";
}

/** Fails without the patch, which is not what broke; an error is, for nothing was seen. */
export function failsWithoutPatch(cell: CellResult): boolean {
  return isBase(cell) && worked(cell.status) === false;
}

/** Why a failure is not held against the patch that is checked; undefined where it is. */
export function excuseOf(cell: CellResult): string | undefined {
  const { status, reason, comparison } = cell;
  if (failsWithoutPatch(cell)) return `fails without the patch: ${reason}`;
  const isOld = worked(status) === false && comparison?.effect === "fails as before";
  return isOld ? `fails as before: ${reason}` : undefined;
}

/** Whether all that was seen without the patch fails as before with it: then it is not judged. */
export function nothingWorks(cells: readonly CellResult[]): boolean {
  const compared = cells.filter(({ comparison }) => worked(comparison?.base) !== undefined);
  const effects = compared.map(({ comparison }) => comparison?.effect);
  return effects.length > 0 && effects.every((effect) => effect === "fails as before");
}
