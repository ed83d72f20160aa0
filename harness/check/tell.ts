import type { EventBus } from "../events/bus.ts";
import type { Comparison } from "./compare.ts";

/** Puts what was compared into the stream: reports know cells, and not what their axes mean. */
export function tellComparisons(comparisons: readonly Comparison[], bus: EventBus): void {
  // Every patch of a series has the same one.
  const bases = new Set(comparisons.flatMap(({ base }) => (base ? [base.id] : [])));
  for (const cell of bases) bus.emit("compared", { cell, role: "base" });
  for (const { patched, effect, base } of comparisons) {
    const without = base && { base: base.status };
    bus.emit("compared", { cell: patched.id, role: "patched", effect, ...without });
  }
}
