import type { PlannedCell } from "../events/schema.ts";
import type { BackendName, HostSpec } from "../spec/host-spec.ts";

/** Who brings up a host, where `standard` is who does when it does not say. */
export function backendOf({ place }: Pick<HostSpec, "place">, standard: BackendName): BackendName {
  return place?.backend ?? standard;
}

export interface RefusalOptions {
  /** Of hosts that do not say where they are. */
  backend: BackendName;
  /** Whether something is put on the hosts. */
  dress?: object | undefined;
}

/** The cell, excluded where it takes a host that lasts and that cannot, or must not, run it. */
export function withoutRefused(
  cell: PlannedCell,
  hosts: readonly HostSpec[],
  { backend, dress }: RefusalOptions,
): PlannedCell {
  if (hosts.every((host) => backendOf(host, backend) === "qemu")) return cell;
  const isRenewed = hosts.every(isOurs);
  const excluded =
    cell.excluded ?? lastingRefuses(cell, { isDressed: dress !== undefined, isRenewed });
  return excluded === undefined ? cell : { ...cell, excluded };
}

/** Made from an image of ours: a machine of Vagrant's then comes back from a snapshot. */
export function isOurs({ place }: Pick<HostSpec, "place">): boolean {
  return place === undefined;
}

/** It may leave dom0 or libvirt broken. */
export function needsFreshHost({ tags }: Pick<PlannedCell, "tags">): boolean {
  return tags.includes("known-issue");
}

/** What no host that lasts can do, or should have done to it. */
function lastingRefuses(
  cell: PlannedCell,
  { isDressed, isRenewed }: { isDressed: boolean; isRenewed: boolean },
): string | undefined {
  if ((cell.hosts ?? 1) > 1)
    return "pairs of hosts are wired together by xenloop, which did not make this one";
  if (needsFreshHost(cell) && !isRenewed) {
    return "a reproducer may leave dom0 or libvirt broken, and this host lasts";
  }
  if (cell.dom0) return "it boots with settings of its own, and this host is booted already";
  return isDressed
    ? "what is built is put on hosts that are thrown away, and this one lasts"
    : undefined;
}
