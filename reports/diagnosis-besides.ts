import type { CellResult } from "../harness/events/result.ts";

/** What the diagnosis says that the reason does not: it may only name the layer of the same words. */
export function diagnosisBesides({
  reason,
  diagnosis,
}: Pick<CellResult, "reason" | "diagnosis">): string | undefined {
  if (diagnosis === undefined) return undefined;
  // `libvirtd: …`, cut where it is long.
  const words = diagnosis.replace(/^[\w ]+: /, "").replace(/…$/, "");
  return reason.replace(/\s+/g, " ").includes(words) ? undefined : diagnosis;
}
