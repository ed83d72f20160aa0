import type { EventBus } from "../events/bus.ts";
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

export interface AccelRequest {
  accel: AccelMode;
  timeoutScale: number;
  signal: AbortSignal;
}

/**
 * What was chosen, or emulation where KVM does not run this Xen: a KVM that executes a boot sector
 * may still not, the hypervisor itself decides.
 * @param onRefusal is told why
 * @throws {AccelUnusable} when KVM was asked for by name
 */
export async function accelerationFor(
  xen: string,
  chosen: Acceleration,
  { accel, timeoutScale, signal }: AccelRequest,
  onRefusal: (why: string) => void = () => undefined,
): Promise<Acceleration> {
  if (chosen.runtime.profile.accel !== "kvm") return chosen;
  const { works, reason } = await probeXenOnKvm(xen, { qemu: QEMU, signal });
  if (works) return chosen;
  if (accel === "kvm") throw new AccelUnusable("kvm", reason, "xenloop run --accel tcg");
  onRefusal(`Xen does not run under KVM here: ${reason}`);
  return accelerate("tcg", timeoutScale, signal);
}

/** The same for a run, all of whose later hosts then are emulated too; a warning says why. */
export async function settle(
  xen: string,
  chosen: Acceleration,
  request: AccelRequest & { bus: EventBus },
): Promise<void> {
  const warn = (why: string): void =>
    request.bus.emit("warning", { message: `${why}; emulating instead` });
  Object.assign(chosen, await accelerationFor(xen, chosen, request, warn));
}
