import type { Product } from "../build/builder-spec.ts";
import { BUILD_SCENARIO, type PlannedCell } from "../events/schema.ts";
import { formatCellId } from "../plan/cell.ts";

/** The axes by which cells with and without a patch differ. */
const BUILD_AXES: readonly Product[] = ["libvirt", "xen"];
export const TITLES: Readonly<Record<Product, string>> = { libvirt: "libvirt", xen: "Xen" };
export const BASE = "base";

/** Axis values of patched builds: `patched`, or one a patch of a series, `patch-1`. */
export function variantNames(patches: number, each: boolean): string[] {
  if (!each) return ["patched"];
  return Array.from({ length: patches }, (_, index) => `patch-${index + 1}`);
}

/** The same cell with each build on its hosts, patched ones first: theirs is the awaited verdict. */
export function withVariants(
  cells: readonly PlannedCell[],
  variants: readonly string[],
  product: Product,
): PlannedCell[] {
  return cells.flatMap((cell) =>
    [...variants, BASE].map((variant) => withVariant(cell, variant, product)),
  );
}

function withVariant(cell: PlannedCell, variant: string, product: Product): PlannedCell {
  const axes = { ...cell.axes, [product]: variant };
  return { ...cell, axes, id: formatCellId({ ...cell, axes }) };
}

/** The cells that say whether what is checked builds. */
export function buildCells(
  hosts: readonly { name: string }[],
  variants: readonly { name: string; title: string }[],
  product: Product,
): PlannedCell[] {
  return hosts.flatMap((host) =>
    variants.map(({ name, title }) => {
      const address = { scenario: BUILD_SCENARIO, host: host.name, axes: { [product]: name } };
      return {
        id: formatCellId(address),
        ...address,
        title: `${TITLES[product]} builds with ${title}`,
        tags: [BUILD_SCENARIO],
        deadlineSeconds: 0,
      };
    }),
  );
}

/** Which build a cell is for; undefined where none is asked for. */
export function variantOf({ axes }: Pick<PlannedCell, "axes">): string | undefined {
  return BUILD_AXES.map((axis) => axes[axis]).find((variant) => variant !== undefined);
}

/** A cell's axes without those. */
export function commonAxes({ axes }: Pick<PlannedCell, "axes">): Record<string, string> {
  const others = Object.entries(axes).filter(([axis]) => BUILD_AXES.every((own) => own !== axis));
  return Object.fromEntries(others);
}
