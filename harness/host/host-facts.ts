import type { BootedHost } from "./booted-host.ts";

/** Versions as the live host states them. */
export interface HostFacts {
  /** From `xl info`: libvirt never reports Xen's patch level. */
  xen_version: string;
  /** Of the daemon, not of the client. */
  libvirt_version: string;
  dom0_kernel: string;
  /** E.g. `pv hvm hap shadow`. */
  virt_caps: string;
  xen_commandline: string;
}

/**
 * What xl and libvirt say of the host. One process each, side by side: in a fresh clone it is
 * the programs' start that takes the time.
 */
export async function readHostFacts(host: Pick<BootedHost, "virsh" | "xl">): Promise<HostFacts> {
  const [{ stdout: info }, { stdout: version }] = await Promise.all([
    host.xl(["info"]),
    host.virsh(["version", "--daemon"]),
  ]);
  const field = (name: string): string =>
    new RegExp(`^${name}\\s*: (.*)$`, "m").exec(info)?.[1]?.trim() ?? "";
  return {
    xen_version: field("xen_version"),
    libvirt_version: daemonVersion(version),
    dom0_kernel: field("release"),
    virt_caps: field("virt_caps"),
    xen_commandline: field("xen_commandline"),
  };
}

/** From `virsh version --daemon`. */
export function daemonVersion(told: string): string {
  return /^Running against daemon: (\S+)/m.exec(told)?.[1] ?? "";
}
