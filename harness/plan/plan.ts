import type { PlannedCell } from "../events/schema.ts";
import type { VersionPair } from "../rules/answer.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { ScenarioMeta } from "../spec/scenario-meta.ts";
import { formatCellId, type CellAddress } from "./cell.ts";
import { canBeInRange, inRange } from "./version-range.ts";

export interface PlanOptions {
  scenarios: readonly { meta: ScenarioMeta }[];
  hosts: readonly HostSpec[];
  /** Whether a cell is meant at all; all of them unless told. */
  wants?: (cell: CellAddress) => boolean;
  /** Versions that a host is pinned to; without them its file's promise counts. */
  pinned?: (host: string) => VersionPair | undefined;
  /** Factor on every deadline; 1 unless told. */
  scale?: number;
}

/**
 * Hosts × scenarios × the axes each scenario declares, by host first, so that the cells of one
 * host follow each other. A cell whose needs the host cannot meet is there with its reason.
 */
export function plan({
  scenarios,
  hosts,
  wants = () => true,
  pinned = () => undefined,
  scale = 1,
}: PlanOptions): PlannedCell[] {
  return hosts.flatMap((host) =>
    scenarios.flatMap(({ meta }) =>
      combinations(meta.axes)
        .map((axes) => ({ scenario: meta.id, host: host.name, axes }))
        .filter(wants)
        .map((address) => plannedCell(address, meta, host, scale, pinned(host.name))),
    ),
  );
}

function plannedCell(
  address: CellAddress,
  meta: ScenarioMeta,
  host: HostSpec,
  scale: number,
  pinned: VersionPair | undefined,
): PlannedCell {
  const excluded = reasonAgainst(meta, host, pinned);
  return {
    id: formatCellId(address),
    ...address,
    title: meta.title,
    tags: meta.tags,
    deadlineSeconds: Math.ceil(meta.deadline * scale),
    ...(excluded === undefined ? {} : { excluded }),
  };
}

/** Why a host cannot run a scenario, judged by its lock or what its file promises, if it cannot. */
export function reasonAgainst(
  { needs }: ScenarioMeta,
  host: HostSpec,
  pinned?: VersionPair,
): string | undefined {
  const reasons = (["xen", "libvirt"] as const).flatMap((what) => {
    const range = needs[what];
    if (range === undefined) return [];
    // Ranges are upstream's versions, without the packager's revision.
    const locked = pinned?.[what].replace(/-[^-]*$/, "");
    const has = locked ?? host.expect[what];
    if (locked === undefined ? canBeInRange(has, range) : inRange(has, range)) return [];
    return [`needs ${LABELS[what]} ${range}, ${host.name} has ${has}`];
  });
  return reasons.length === 0 ? undefined : reasons.join("; ");
}

const LABELS = { xen: "Xen", libvirt: "libvirt" } as const;

/** Every choice of one value an axis; the last axis varies fastest. */
function combinations(axes: Readonly<Record<string, readonly string[]>>): Record<string, string>[] {
  return Object.entries(axes).reduce<Record<string, string>[]>(
    (rows, [axis, values]) =>
      rows.flatMap((row) => values.map((value) => ({ ...row, [axis]: value }))),
    [{}],
  );
}
