import type { PlannedCell } from "../events/schema.ts";
import { formatCellId } from "../plan/cell.ts";

/** The axis by which cells with and without a patch differ. */
export const BUILD_AXIS = "libvirt";
export const BASE = "base";
/** Id of the cell that says whether a patch builds. */
export const BUILD_SCENARIO = "build";

/** Axis values of patched builds: `patched`, or one a patch of a series, `patch-1`. */
export function variantNames(patches: number, each: boolean): string[] {
  if (!each) return ["patched"];
  return Array.from({ length: patches }, (_, index) => `patch-${index + 1}`);
}

/** The same cell with each build on its hosts, patched ones first: theirs is the awaited verdict. */
export function withVariants(cells: readonly PlannedCell[], variants: readonly string[]) {
  return cells.flatMap((cell) => [...variants, BASE].map((variant) => withVariant(cell, variant)));
}

function withVariant(cell: PlannedCell, variant: string): PlannedCell {
  const axes = { ...cell.axes, [BUILD_AXIS]: variant };
  return { ...cell, axes, id: formatCellId({ ...cell, axes }) };
}

/** The cells that say whether what is checked builds. */
export function buildCells(
  hosts: readonly { name: string }[],
  variants: readonly { name: string; title: string }[],
): PlannedCell[] {
  return hosts.flatMap((host) =>
    variants.map(({ name, title }) => {
      const address = { scenario: BUILD_SCENARIO, host: host.name, axes: { [BUILD_AXIS]: name } };
      return {
        id: formatCellId(address),
        ...address,
        title: `libvirt builds with ${title}`,
        tags: [BUILD_SCENARIO],
        deadlineSeconds: 0,
      };
    }),
  );
}

export function variantOf(cell: Pick<PlannedCell, "axes">): string {
  return cell.axes[BUILD_AXIS] ?? "";
}
