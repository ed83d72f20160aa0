import {
  applies,
  KVM_CPU_QUIRKS,
  MACHINE_QUIRKS,
  TCG_CPU_QUIRKS,
  TCG_DOM0_QUIRKS,
  TCG_XEN_QUIRKS,
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
  /** Words for Xen. */
  xenArgs: readonly string[];
  /** Words for dom0's kernel. */
  dom0Args: readonly string[];
  /** Every setting above with its reason, for `doctor` and the evidence. */
  quirks: readonly Quirk[];
}

/** Without `speed` nothing is set that only makes a host faster. */
export function accelProfile(
  accel: Accel,
  qemuVersion: string,
  { speed = true }: { speed?: boolean } = {},
): AccelProfile {
  const fits = (quirk: Quirk) => applies(quirk, qemuVersion) && (speed || quirk.speed !== true);
  const machine = MACHINE_QUIRKS.filter(fits);
  const xen = accel === "kvm" ? [] : TCG_XEN_QUIRKS.filter(fits);
  const dom0 = accel === "kvm" ? [] : TCG_DOM0_QUIRKS.filter(fits);
  const cpu = (accel === "kvm" ? KVM_CPU_QUIRKS : TCG_CPU_QUIRKS).filter(fits);
  return {
    accel,
    // One thread a vcpu is TCG's default on x86 hosts; spelt out, a template's key holds it.
    accelerator: accel === "kvm" ? "kvm" : "tcg,thread=multi",
    machine: ["q35", ...machine.map(({ setting }) => setting)].join(","),
    cpu: cpu.map(({ setting }) => setting).join(","),
    xenArgs: xen.map(({ setting }) => setting),
    dom0Args: dom0.map(({ setting }) => setting),
    quirks: [...machine, ...cpu, ...xen, ...dom0],
  };
}
