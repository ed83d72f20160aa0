import { DOM0_DEFAULTS, DOM0_PACKAGES } from "../../harness/spec/dom0-defaults.ts";
import type { HostSpec } from "../../harness/spec/host-spec.ts";

/** For file injection: libguestfs and libvirt's QEMU driver beside the Xen driver. */
const debian12Guestfs: HostSpec = {
  name: "debian-12-guestfs",
  title: "Debian 12 (bookworm) with libguestfs",
  release: "bookworm",
  components: ["main"],
  packages: [
    ...[...DOM0_PACKAGES, "xen-hypervisor-4.17-amd64", "xen-utils-4.17", "qemu-system-xen"],
    ...["guestfish", "libguestfs0", "libvirt-daemon-driver-qemu", "qemu-system-x86"],
  ],
  expect: { xen: "4.17", libvirt: "9.0.0", kernel: "6.1" },
  ...DOM0_DEFAULTS,
  onRequest: true,
};

export default debian12Guestfs;
