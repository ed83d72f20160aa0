import type { CellResult } from "../harness/events/result.ts";

/** A cell of the build without the patch: what it comes to is no doing of the patch. */
export function isBase({ comparison }: CellResult): boolean {
  return comparison?.role === "base";
}

/** A cell that says whether what is checked builds. Its comments are what the build tried. */
export function isBuild({ tags }: CellResult): boolean {
  return tags.includes("build");
}

/** Why a failure is not held against the patch that is checked; undefined where it is. */
export function excuseOf(cell: CellResult): string | undefined {
  const { status, reason, comparison } = cell;
  // An error says nothing of either build.
  if (status !== "failed" && status !== "timedout") return undefined;
  if (isBase(cell)) return `fails without the patch: ${reason}`;
  return comparison?.effect === "fails as before" ? `fails as before: ${reason}` : undefined;
}
