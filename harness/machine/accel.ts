import { existsSync } from "node:fs";
import { accelProfile, type Accel } from "./cpu-profile.ts";
import { AccelUnusable } from "./errors.ts";
import { runBootSector, whyNotOpenable, type ProbeResult } from "./probe.ts";
import { qemuVersion } from "./qemu-version.ts";

/**
 * Rounds of the boot sector in its half second under TCG on an idle machine of two AMD EPYC
 * cores with QEMU 7.2: the median of 7 runs is 74 000. Deadlines are written for that machine.
 */
export const REFERENCE_ROUNDS = 74_000;
/** A machine slower than this is broken, and waiting for it helps nobody. */
export const MAX_TIME_FACTOR = 20;

export interface KvmState {
  /** The device node exists. */
  present: boolean;
  openable: boolean;
  /** The boot sector ran to its end. */
  works: boolean;
  /** A guest's CPUID shows SVM or VMX. */
  nested: boolean;
}

export interface AccelProbe {
  accel: Accel;
  /** Why KVM is not used, in one line; absent when it is, or was not asked about. */
  reason?: string;
  /** What the user can do about the reason. */
  hint?: string;
  /** Deadlines are multiplied by this: 1 … 20. */
  timeFactor: number;
  /** Xen finds SVM or VMX, without which there are PV guests only. */
  hvmCapable: boolean;
  kvm: KvmState;
}

export interface ProbeOptions {
  /** QEMU binary, `qemu-system-x86_64` unless told. */
  qemu?: string;
  kvmDevice?: string;
  /** For one boot sector. */
  deadlineMs?: number;
  signal?: AbortSignal;
}

interface KvmRefusal {
  reason: string;
  hint: string;
}

/**
 * Chooses the accelerator by running guest code under it: a /dev/kvm that opens, and even
 * creates a machine, may still be unable to execute one instruction.
 * `auto` also passes over a KVM without nesting, since TCG can run HVM guests and it cannot.
 * @throws {AccelUnusable} when what was asked for, or every accelerator, does not work
 */
export async function probeAccel(
  wanted: "auto" | Accel,
  options: ProbeOptions = {},
): Promise<AccelProbe> {
  const { qemu = "qemu-system-x86_64" } = options;
  const version = await qemuVersion(qemu);
  const run = (accel: Accel) => runBootSector(qemu, accelProfile(accel, version), options);

  const kvm: KvmState = { present: false, openable: false, works: false, nested: false };
  let refusal: KvmRefusal | undefined;
  if (wanted !== "tcg") {
    const result = await probeKvm(kvm, () => run("kvm"), options.kvmDevice ?? "/dev/kvm");
    if ("rounds" in result && (kvm.nested || wanted === "kvm")) {
      return { accel: "kvm", timeFactor: factor(result.rounds), hvmCapable: kvm.nested, kvm };
    }
    refusal = "rounds" in result ? notNested() : result;
    if (wanted === "kvm") throw new AccelUnusable("kvm", refusal.reason, refusal.hint);
  }

  const tcg = await run("tcg");
  if (!tcg.works) {
    throw new AccelUnusable("tcg", tcg.reason, `${qemu} -accel help lists what this QEMU has.`);
  }
  return {
    accel: "tcg",
    ...refusal,
    timeFactor: factor(tcg.rounds),
    hvmCapable: tcg.virt !== undefined,
    kvm,
  };
}

function notNested(): KvmRefusal {
  const module = existsSync("/sys/module/kvm_amd") ? "kvm_amd" : "kvm_intel";
  return {
    reason: "KVM runs, but nested virtualisation is off, so Xen could start PV guests only",
    hint: `sudo modprobe -r ${module} && sudo modprobe ${module} nested=1`,
  };
}

/** Fills `state` in as far as it gets. */
async function probeKvm(
  state: KvmState,
  run: () => Promise<ProbeResult>,
  device: string,
): Promise<{ rounds: number } | KvmRefusal> {
  const emulate = "Emulate instead: ./xenloop run --accel tcg";
  state.present = existsSync(device);
  if (!state.present) {
    return { reason: `${device} is missing: no KVM in this kernel or machine`, hint: emulate };
  }
  const refused = await whyNotOpenable(device);
  if (refused !== undefined) {
    const reason = `${device} cannot be opened (${refused.code})`;
    const denied = refused.code === "EACCES" || refused.code === "EPERM";
    return { reason, hint: denied ? 'sudo usermod -aG kvm "$USER", then log in again' : emulate };
  }
  state.openable = true;
  const result = await run();
  if (!result.works) return { reason: `KVM does not work: ${result.reason}`, hint: emulate };
  state.works = true;
  state.nested = result.virt !== undefined;
  return { rounds: result.rounds };
}

/** Two decimals; a machine faster than the reference keeps its deadlines. */
function factor(rounds: number): number {
  const measured = REFERENCE_ROUNDS / Math.max(rounds, 1);
  return Math.round(Math.min(MAX_TIME_FACTOR, Math.max(1, measured)) * 100) / 100;
}
