import type { HostImage } from "../image/host-image.ts";
import type { AccelProfile } from "../machine/cpu-profile.ts";
import type { MachineSpec, RamSpec } from "../machine/machine-spec.ts";

export interface HostMachineOptions {
  image: Pick<HostImage, "spec" | "xen" | "kernel" | "initrd">;
  qemu: string;
  profile: AccelProfile;
  /** qcow2 overlay that takes the writes. */
  disk: string;
  ram: RamSpec;
  mac: string;
  incoming?: boolean;
}

/** The machine a host boots on. Template and clone differ in paths and RAM only. */
export function hostMachine(options: HostMachineOptions): MachineSpec {
  const { image, qemu, profile, disk, ram, mac, incoming = false } = options;
  const { spec } = image;
  const { dom0 } = spec;
  return {
    name: `xenloop-${spec.name}`,
    qemu,
    profile,
    memoryMiB: spec.memoryMiB,
    vcpus: spec.vcpus,
    boot: {
      kind: "xen",
      xen: image.xen,
      xenArgs: [
        ...(dom0.mem === "" ? [] : [`dom0_mem=${dom0.mem}`]),
        `dom0_max_vcpus=${dom0.maxVcpus}`,
        ...(dom0.vcpusPin ? ["dom0_vcpus_pin"] : []),
        ...["console=com1", "com1=115200,8n1", "loglvl=all", "guest_loglvl=all", "noreboot"],
        ...dom0.xenOptions,
      ],
      kernel: image.kernel,
      // Each character on the emulated serial line costs time: warnings and worse only.
      kernelArgs: [
        ...["root=/dev/vda", "rw", "console=hvc0", "net.ifnames=0", "loglevel=5"],
        "systemd.show_status=auto",
      ],
      initrd: image.initrd,
    },
    disks: [{ id: "root", path: disk, format: "qcow2" }],
    nics: [
      { id: "net0", mac, kind: "user" },
      // A second card without a wire: a pair of hosts is joined by it.
      { id: "net1", mac: nextMac(mac), kind: "unplugged" },
    ],
    ram,
    ...(incoming && { incoming }),
  };
}

/** Locally administered, in QEMU's own prefix. */
export const TEMPLATE_MAC = "52:54:00:00:00:02";

function nextMac(mac: string): string {
  const last = (Number.parseInt(mac.slice(-2), 16) + 1) & 0xff;
  return `${mac.slice(0, -2)}${last.toString(16).padStart(2, "0")}`;
}
