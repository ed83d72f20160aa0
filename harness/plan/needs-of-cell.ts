import type { ScenarioNeeds } from "../spec/scenario-meta.ts";

/** What one cell needs of all that its scenario does. */
export function needsOfCell(
  needs: ScenarioNeeds,
  axes: Readonly<Record<string, string>>,
): ScenarioNeeds {
  const own = Object.entries(needs.guestTypeOf ?? {}).flatMap(
    ([axis, types]) => types[axes[axis] ?? ""] ?? [],
  );
  return own.length === 0 ? needs : { ...needs, guestTypes: own };
}
