import type { HostSpec } from "./host-spec.ts";

/** What every Debian dom0 has, whatever its Xen. */
export const DOM0_PACKAGES: readonly string[] = [
  "linux-image-amd64",
  "xenstore-utils",
  "libvirt-daemon-system",
  "libvirt-daemon-driver-xen",
  "libvirt-clients",
  "openssh-server",
  "systemd-sysv",
  "udev",
  "dbus",
  "iproute2",
  "bridge-utils",
  "qemu-utils",
  "grub-xen-host",
  "seabios",
  "busybox-static",
  "python3-minimal",
];

/** A host small enough for a laptop, large enough for a few guests. */
export const DOM0_DEFAULTS: Pick<HostSpec, "memoryMiB" | "vcpus" | "dom0"> = {
  memoryMiB: 3072,
  vcpus: 2,
  dom0: { mem: "1536M,max:1536M", maxVcpus: 2, vcpusPin: false, xenOptions: [] },
};
