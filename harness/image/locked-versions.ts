import type { VersionPair } from "../rules/answer.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { HostLock } from "./lock-file.ts";

const XEN = /^xen-hypervisor-\d[\d.]*-/;
const LIBVIRT = "libvirt-daemon-system";

/** Package versions of Xen and libvirt in a lock; undefined when either is not in it. */
export function lockedVersions({ packages }: HostLock): VersionPair | undefined {
  const xen = packages.find(({ name }) => XEN.test(name))?.version;
  const libvirt = packages.find(({ name }) => name === LIBVIRT)?.version;
  return xen === undefined || libvirt === undefined ? undefined : { xen, libvirt };
}

/** Versions that a host shows when it is what its lock and its file say. */
export function promisedVersions(
  { libvirt, expect }: Pick<HostSpec, "libvirt" | "expect">,
  lock: HostLock,
): VersionPair | undefined {
  const locked = lockedVersions(lock);
  return locked && libvirt ? { ...locked, libvirt: expect.libvirt } : locked;
}
