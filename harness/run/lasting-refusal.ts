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
  const excluded = cell.excluded ?? lastingRefuses(cell, dress !== undefined);
  return excluded === undefined ? cell : { ...cell, excluded };
}

/** What no host that lasts can do, or should have done to it. */
function lastingRefuses(
  { hosts = 1, tags, dom0 }: PlannedCell,
  dressed: boolean,
): string | undefined {
  if (hosts > 1) return "pairs of hosts are wired together by xenloop, which did not make this one";
  if (tags.includes("known-issue")) {
    return "a reproducer may leave dom0 or libvirt broken, and this host lasts";
  }
  if (dom0) return "it boots with settings of its own, and this host is booted already";
  return dressed
    ? "what is built is put on hosts that are thrown away, and this one lasts"
    : undefined;
}
