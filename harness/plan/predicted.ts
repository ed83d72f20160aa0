import type { VersionPair } from "../rules/answer.ts";
import type { PredictedOutcome, ScenarioMeta } from "../spec/scenario-meta.ts";
import { inRange } from "./version-range.ts";

/** What a cell on a host of these versions is expected to come to. */
export function predictedFor(
  { predicted = [] }: Pick<ScenarioMeta, "predicted">,
  axes: Readonly<Record<string, string>>,
  versions: VersionPair,
): PredictedOutcome | undefined {
  return predicted.findLast(
    ({ axes: values = {}, xen, libvirt }) =>
      Object.entries(values).every(([axis, value]) => axes[axis] === value) &&
      (xen === undefined || inRange(versions.xen, xen)) &&
      (libvirt === undefined || inRange(versions.libvirt, libvirt)),
  );
}
