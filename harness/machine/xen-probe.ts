import { setTimeout as delay } from "node:timers/promises";
import { accelProfile, type Accel } from "./cpu-profile.ts";
import { MachineStartFailed } from "./errors.ts";
import { startMachine, type StartOptions } from "./machine.ts";
import type { MachineSpec } from "./machine-spec.ts";
import { qemuVersion } from "./qemu-version.ts";
import { createSocketDir } from "./socket-dir.ts";

/** Two seconds under TCG on an idle machine, a fraction of that under KVM. */
const DEADLINE_MS = 20_000;

export interface XenProbe {
  /** The hypervisor started every CPU; what comes after needs a dom0. */
  works: boolean;
  /** One line: why not. Empty when it works. */
  reason: string;
  /** Such as `4.17.5 (Debian 4.17.5+72-g01140da4e8-1)`; absent when it never spoke. */
  version?: string;
  /** Xen itself enabled SVM or VMX. */
  hvm: boolean;
  ms: number;
}

export interface XenProbeOptions {
  accel: Accel;
  qemu?: string;
  deadlineMs?: number;
  signal?: AbortSignal;
}

/** Whether KVM runs not only a boot sector but Xen. See {@link probeXen}. */
export function probeXenOnKvm(
  xenElf: string,
  options: Omit<XenProbeOptions, "accel"> = {},
): Promise<XenProbe> {
  return probeXen(xenElf, { ...options, accel: "kvm" });
}

/**
 * Boots the hypervisor alone until it has brought up its CPUs. It gets itself as the dom0
 * kernel: with no module at all it would stop before the timers, CPUs and HVM are set up.
 */
export async function probeXen(xenElf: string, options: XenProbeOptions): Promise<XenProbe> {
  const { accel, qemu = "qemu-system-x86_64", deadlineMs = DEADLINE_MS, signal } = options;
  const spec = hypervisorAlone(qemu, accel, await qemuVersion(qemu), xenElf);
  const started = Date.now();
  const seen: { version?: string; hvm: boolean } = { hvm: false };
  const result = (reason: string): XenProbe => ({
    works: reason === "",
    reason,
    ...seen,
    ms: Date.now() - started,
  });
  let onUp: (reason: "") => void = () => undefined;
  const up = new Promise<"">((resolve) => (onUp = resolve));
  const onSerialLine = (line: string) => {
    const version = /^\(XEN\).* Xen version (\S+(?: \([^)]*\))?)/.exec(line)?.[1];
    if (version !== undefined) seen.version = version;
    if (/^\(XEN\).* HVM: (SVM|VMX) enabled/.test(line)) seen.hvm = true;
    if (/^\(XEN\).* Brought up \d+ CPU/.test(line)) onUp("");
  };

  const scratch = await createSocketDir();
  try {
    const start: StartOptions = { dir: scratch.path, timeoutMs: deadlineMs, onSerialLine };
    const machine = await startMachine(spec, signal === undefined ? start : { ...start, signal });
    const waiting = new AbortController();
    const ends = [waiting.signal, ...(signal === undefined ? [] : [signal])];
    try {
      const late = `its CPUs are not up within ${deadlineMs / 1000} s`;
      const reason = await Promise.race([
        up,
        machine.fatal.then(({ sentence }) => sentence),
        delay(deadlineMs, late, { signal: AbortSignal.any(ends) }),
      ]);
      return result(reason);
    } finally {
      waiting.abort();
      await machine.stop();
    }
  } catch (error) {
    if (error instanceof MachineStartFailed) return result(error.message);
    throw error;
  } finally {
    await scratch.remove();
  }
}

function hypervisorAlone(qemu: string, accel: Accel, version: string, xenElf: string): MachineSpec {
  return {
    name: "xenloop-probe",
    qemu,
    profile: accelProfile(accel, version),
    memoryMiB: 256,
    vcpus: 2,
    boot: {
      kind: "xen",
      xen: xenElf,
      xenArgs: ["console=com1", "com1=115200,8n1", "loglvl=all", "noreboot"],
      kernel: xenElf,
      kernelArgs: [],
    },
    disks: [],
    nics: [],
    ram: { kind: "anonymous" },
  };
}
