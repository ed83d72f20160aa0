import type { HostImage } from "../image/host-image.ts";
import type { AccelProfile } from "../machine/cpu-profile.ts";
import type { MachineSpec, RamSpec, Wire, XenBoot } from "../machine/machine-spec.ts";
import type { SharedFiles } from "../machine/shared-devices.ts";
import type { Dom0Settings } from "../spec/host-spec.ts";

/** What makes a host one of a pair: they differ in their end of the wire only. */
export interface PairEnd {
  /** Joins the second card to the other host's. */
  wire: Wire;
  shared: SharedFiles;
}

/** Size of the disk that a pair shares; every host has one, alone or not. */
export const SHARED_DISK_MIB = 64;

export interface HostMachineOptions {
  image: Pick<HostImage, "spec" | "xen" | "kernel" | "initrd">;
  qemu: string;
  profile: AccelProfile;
  /** qcow2 that takes the writes; a clone (`resume`) leaves it as it is. */
  disk: string;
  ram: RamSpec;
  mac: string;
  pairEnd?: PairEnd;
  /** Stub file of a template whose state it will load. */
  resume?: string;
}

/** The machine a host boots on. Template and clone differ in paths and RAM only. */
export function hostMachine(options: HostMachineOptions): MachineSpec {
  const { image, qemu, profile, disk, ram, mac, pairEnd, resume } = options;
  const { spec } = image;
  return {
    name: `xenloop-${spec.name}`,
    qemu,
    profile,
    memoryMiB: spec.memoryMiB,
    vcpus: spec.vcpus,
    boot: resume === undefined ? xenBoot(image, profile) : { kind: "resumed-xen", stub: resume },
    disks: [
      { id: "root", path: disk, format: "qcow2", ...(resume !== undefined && { snapshot: true }) },
    ],
    nics: [
      { id: "net0", mac, kind: "user" },
      // A second card without a wire: a pair of hosts is joined by it.
      {
        id: "net1",
        mac: nextMac(mac),
        ...(pairEnd ? { kind: "wire", ...pairEnd.wire } : UNPLUGGED),
      },
    ],
    shared: { diskMiB: SHARED_DISK_MIB, ...(pairEnd && { files: pairEnd.shared }) },
    ram,
    ...(resume !== undefined && { incoming: true }),
  };
}

function xenBoot(
  { spec: { dom0 }, ...image }: HostMachineOptions["image"],
  profile: AccelProfile,
): XenBoot {
  return {
    kind: "xen",
    xen: image.xen,
    xenArgs: xenArguments(dom0, profile),
    kernel: image.kernel,
    kernelArgs: kernelArguments("/dev/vda", profile),
    initrd: image.initrd,
  };
}

/** Words of Xen's command line. */
export function xenArguments(
  dom0: Dom0Settings,
  { xenArgs }: Pick<AccelProfile, "xenArgs">,
): string[] {
  return [
    ...(dom0.mem === "" ? [] : [`dom0_mem=${dom0.mem}`]),
    `dom0_max_vcpus=${dom0.maxVcpus}`,
    ...(dom0.vcpusPin ? ["dom0_vcpus_pin"] : []),
    ...["console=com1", "com1=115200,8n1", "loglvl=all", "guest_loglvl=all", "noreboot"],
    ...xenArgs,
    // Last, so that a host's own words win.
    ...dom0.xenOptions,
  ];
}

/** Words of the command line of dom0's kernel. */
export function kernelArguments(root: string, { dom0Args }: Pick<AccelProfile, "dom0Args">) {
  return [
    // Each character on the emulated serial line costs time: warnings and worse only.
    ...[`root=${root}`, "rw", "console=hvc0", "net.ifnames=0", "loglevel=5"],
    // A dom0 that comes to a stall is asked why over its console.
    "sysrq_always_enabled",
    "systemd.show_status=auto",
    ...dom0Args,
  ];
}

const UNPLUGGED = { kind: "unplugged" } as const;

/** Locally administered, in QEMU's own prefix. */
export const TEMPLATE_MAC = "52:54:00:00:00:02";

function nextMac(mac: string): string {
  const last = (Number.parseInt(mac.slice(-2), 16) + 1) & 0xff;
  return `${mac.slice(0, -2)}${last.toString(16).padStart(2, "0")}`;
}
