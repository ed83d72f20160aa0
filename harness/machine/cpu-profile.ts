import {
  applies,
  KVM_CPU_QUIRKS,
  MACHINE_QUIRKS,
  TCG_CPU_QUIRKS,
  TCG_DOM0_QUIRKS,
  type Quirk,
} from "./quirks.ts";

export type Accel = "kvm" | "tcg";

/** How to run Xen under one accelerator of one QEMU version. */
export interface AccelProfile {
  accel: Accel;
  /** Value of `-accel`. */
  accelerator: string;
  /** Value of `-machine`. */
  machine: string;
  /** Value of `-cpu`. */
  cpu: string;
  /** Words for dom0's kernel. */
  dom0Args: readonly string[];
  /** Every setting above with its reason, for `doctor` and the evidence. */
  quirks: readonly Quirk[];
}

export function accelProfile(accel: Accel, qemuVersion: string): AccelProfile {
  const fits = (quirk: Quirk) => applies(quirk, qemuVersion);
  const machine = MACHINE_QUIRKS.filter(fits);
  const dom0 = accel === "kvm" ? [] : TCG_DOM0_QUIRKS.filter(fits);
  const cpu = (accel === "kvm" ? KVM_CPU_QUIRKS : TCG_CPU_QUIRKS).filter(fits);
  return {
    accel,
    // One thread a vcpu is TCG's default on x86 hosts; spelt out, a template's key holds it.
    accelerator: accel === "kvm" ? "kvm" : "tcg,thread=multi",
    machine: ["q35", ...machine.map(({ setting }) => setting)].join(","),
    cpu: cpu.map(({ setting }) => setting).join(","),
    dom0Args: dom0.map(({ setting }) => setting),
    quirks: [...machine, ...cpu, ...dom0],
  };
}
