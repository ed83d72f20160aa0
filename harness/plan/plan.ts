import type { PlannedCell } from "../events/schema.ts";
import type { VersionPair } from "../rules/answer.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { GuestType, ScenarioMeta, ScenarioNeeds } from "../spec/scenario-meta.ts";
import { formatCellId, type CellAddress } from "./cell.ts";
import { needsOfCell } from "./needs-of-cell.ts";
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

/** The axis whose values name the second host of a pair. */
const PEER_AXIS = "peer";
/** The axis whose values stand for settings of dom0. */
const DOM0_AXIS = "dom0";

function plannedCell(
  address: CellAddress,
  meta: ScenarioMeta,
  host: HostSpec,
  scale: number,
  pinned: VersionPair | undefined,
): PlannedCell {
  const needs = needsOfCell(meta.needs, address.axes);
  const excluded = reasonAgainst({ needs }, host, pinned) ?? lackedIn(meta, host);
  const dom0 = meta.dom0?.[address.axes[DOM0_AXIS] ?? ""];
  return {
    id: formatCellId(address),
    ...address,
    title: meta.title,
    tags: meta.tags,
    ...((meta.needs.hosts ?? 1) > 1 && { hosts: meta.needs.hosts }),
    ...(address.axes[PEER_AXIS] !== undefined && { peer: address.axes[PEER_AXIS] }),
    ...(dom0 && { dom0 }),
    deadlineSeconds: Math.ceil(meta.deadline * scale),
    ...(excluded === undefined ? {} : { excluded }),
  };
}

/** Why a host cannot run a scenario, judged by its lock or what its file promises, if it cannot. */
export function reasonAgainst(
  { needs }: Pick<ScenarioMeta, "needs">,
  host: Pick<HostSpec, "name" | "expect">,
  pinned?: VersionPair,
): string | undefined {
  const reasons = (["xen", "libvirt"] as const).flatMap((what) => {
    // Ranges are upstream's versions, without the packager's revision.
    const locked = pinned?.[what].replace(/-[^-]*$/, "");
    const has = locked ?? host.expect[what];
    const lies = locked === undefined ? canBeInRange : inRange;
    // Not known before the host is asked.
    if (has === "") return [];
    return rangesOf(needs, what)
      .filter(({ range }) => !lies(has, range))
      .map(({ range, why }) => `needs ${LABELS[what]} ${range}${why}, ${host.name} has ${has}`);
  });
  return reasons.length === 0 ? undefined : reasons.join("; ");
}

/** What dom0 is not built with; the packages of what is built elsewhere are not known. */
function lackedIn({ needs }: ScenarioMeta, { packages, place, debianGuest }: HostSpec) {
  if (needs.debianGuest && !debianGuest) return "needs a Debian guest in the host's image";
  const lacking = (needs.packages ?? []).filter((name) => !packages.includes(name));
  if (lacking.length === 0 || place !== undefined) return undefined;
  return `needs ${lacking.join(", ")} in dom0`;
}

/** What a scenario asks of a version itself, and what its guest types ask. */
function rangesOf(needs: ScenarioNeeds, what: "xen" | "libvirt"): { range: string; why: string }[] {
  const own = needs[what];
  return [
    ...(own === undefined ? [] : [{ range: own, why: "" }]),
    ...(needs.guestTypes ?? []).flatMap((type) => {
      const range = GUEST_TYPE_NEEDS[type]?.[what];
      return range === undefined ? [] : [{ range, why: ` for ${type.toUpperCase()} guests` }];
    }),
  ];
}

/** libvirt offers the type `xenpvh` since 4.10.0 (aca7ff5f7), where Xen is 4.10 or newer. */
const GUEST_TYPE_NEEDS: Partial<Record<GuestType, VersionPair>> = {
  pvh: { xen: ">=4.10", libvirt: ">=4.10.0" },
};

const LABELS = { xen: "Xen", libvirt: "libvirt" } as const;

/** Every choice of one value an axis; the last axis varies fastest. */
export function combinations(
  axes: Readonly<Record<string, readonly string[]>>,
): Record<string, string>[] {
  return Object.entries(axes).reduce<Record<string, string>[]>(
    (rows, [axis, values]) =>
      rows.flatMap((row) => values.map((value) => ({ ...row, [axis]: value }))),
    [{}],
  );
}
