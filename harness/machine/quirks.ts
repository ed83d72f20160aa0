import { compareVersions } from "./qemu-version.ts";

/** One setting of the machine that needs a reason, and the QEMU versions it is for. */
export interface Quirk {
  setting: string;
  why: string;
  /** It works without, slower. */
  speed?: true;
  /** First QEMU version that needs or understands it; always when absent. */
  from?: string;
  /** First QEMU version that does not any more. */
  before?: string;
}

export function applies(quirk: Quirk, version: string): boolean {
  return (
    (quirk.from === undefined || compareVersions(version, quirk.from) >= 0) &&
    (quirk.before === undefined || compareVersions(version, quirk.before) < 0)
  );
}

/** Properties of the machine type, the same under every accelerator. */
export const MACHINE_QUIRKS: readonly Quirk[] = [
  {
    setting: "vmport=off",
    why: "VMware's backdoor port: nobody asks, and Linux prints a line about it",
  },
  {
    setting: "usb=off",
    speed: true,
    why: "no USB controller, so dom0 probes no bus for it",
  },
  {
    setting: "sata=off",
    speed: true,
    why: "q35's AHCI has six empty ports that dom0 probes for half a second and more",
    from: "7.0",
  },
  {
    setting: "smbus=off",
    speed: true,
    why: "the ICH9 SMBus makes dom0 load i2c-i801 and probe memory modules that are not there",
    from: "7.0",
  },
];

/** The CPU under TCG, which emulates AMD's SVM: a model and what is added to it. */
export const TCG_CPU_QUIRKS: readonly Quirk[] = [
  {
    setting: "qemu64",
    why:
      "AMD vendor without SMAP (TCG before 9.1 does a ring-3 IRET with supervisor rights and " +
      "dom0 dies under `max`) and without MONITOR (Xen panics in mwait_idle under `EPYC`)",
  },
  { setting: "+svm", why: "Xen starts HVM and PVH guests with it" },
  { setting: "+npt", why: "hardware assisted paging; without it HVM falls back to shadow paging" },
  {
    setting: "+vme",
    why:
      "Xen hides SEP on AMD; a CPU with neither SEP nor VME fits no model of libvirt's CPU map " +
      "and libvirtd refuses to start",
  },
  { setting: "+pdpe1gb", why: "1 GiB pages, which dom0 and the guests' p2m use when they can" },
  {
    setting: "+invtsc",
    speed: true,
    why:
      "its clock does not stand still; where Xen cannot rely on that, each RDTSC of a PVH or HVM " +
      "guest is an exit, and Linux reads its clock by it",
  },
  { setting: "+lahf-lm", why: "part of every 64-bit model libvirt knows" },
  {
    setting: "x-force-features=on",
    why: "shows VME although TCG does not emulate virtual-8086 extensions (no guest uses them)",
  },
];

/** Words of Xen's command line under TCG. */
export const TCG_XEN_QUIRKS: readonly Quirk[] = [
  {
    setting: "spec-ctrl=no",
    speed: true,
    why:
      "an emulated processor does not speculate; without it Xen fills a return stack that is not " +
      "there at each entry from dom0, and takes its indirect calls by detours",
  },
  {
    setting: "credit2_runqueue=cpu",
    speed: true,
    why:
      "credit2 has one lock for all processors of a socket, and who waits for it takes turns: a turn " +
      "of a processor that the machine below does not run at the moment costs a tick of that " +
      "machine. With a queue each, two hosts on two cores boot a guest each in 11 s instead of 19",
  },
];

/** Words of dom0's kernel command line under TCG. */
export const TCG_DOM0_QUIRKS: readonly Quirk[] = [
  {
    setting: "mitigations=off",
    speed: true,
    why: "as Xen's spec-ctrl=no: retpolines against what an emulated processor never does",
  },
  {
    setting: "tsc=unstable",
    why:
      "a dom0 of Linux 6.12 (6.1 does not) takes the TSC for its clock, sees it skewed between the " +
      "emulated processors some seconds later, and rewrites its own code while it runs; once in " +
      "a while that ends in a general protection fault. Told at once, it takes Xen's clock",
  },
  {
    setting: "norandmaps",
    speed: true,
    why:
      "emulation finds its translation of code by address: with programs always at the same ones, " +
      "each start of a program finds what the last one left; `virsh version` takes half the time",
  },
];

export const KVM_CPU_QUIRKS: readonly Quirk[] = [
  {
    setting: "host",
    why: "passes SVM or VMX on when the kernel's nested=1, which Xen's HVM guests need",
  },
];

/** Lines QEMU prints because of the quirks above; they explain no failure. */
export const EXPECTED_WARNINGS: readonly RegExp[] = [
  /warning: TCG doesn't support requested feature: CPUID\.01H:EDX\.vme/,
];
