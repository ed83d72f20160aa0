import { probeAccel, type AccelProbe } from "../machine/accel.ts";
import { accelProfile } from "../machine/cpu-profile.ts";
import { AccelUnusable } from "../machine/errors.ts";
import { qemuVersion } from "../machine/qemu-version.ts";
import { probeXenOnKvm } from "../machine/xen-probe.ts";
import type { HostRuntime } from "../host/running-host.ts";

const QEMU = "qemu-system-x86_64";

export type AccelMode = "auto" | "kvm" | "tcg";

export interface Acceleration {
  runtime: HostRuntime;
  probe: AccelProbe;
  qemuVersion: string;
}

/** The accelerator of a run, chosen by running code under it; `scale` multiplies the factor. */
export async function accelerate(
  mode: AccelMode,
  scale: number,
  signal: AbortSignal,
): Promise<Acceleration> {
  const probe = await probeAccel(mode, { qemu: QEMU, signal });
  const version = await qemuVersion(QEMU);
  return {
    probe,
    qemuVersion: version,
    runtime: {
      qemu: QEMU,
      profile: accelProfile(probe.accel, version),
      timeFactor: probe.timeFactor * scale,
    },
  };
}

/**
 * A KVM that executes a boot sector may still not run Xen: the hypervisor itself decides.
 * Gives the reason when it does not run; throws when KVM was asked for by name.
 */
export async function xenRefusesKvm(
  xen: string,
  mode: AccelMode,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { works, reason } = await probeXenOnKvm(xen, { qemu: QEMU, signal });
  if (works) return undefined;
  if (mode === "kvm") throw new AccelUnusable("kvm", reason, "xenloop run --accel tcg");
  return `Xen does not run under KVM here: ${reason}`;
}
