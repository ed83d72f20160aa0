import { DOM0_DEFAULTS, DOM0_PACKAGES } from "../../harness/spec/dom0-defaults.ts";
import type { HostSpec } from "../../harness/spec/host-spec.ts";

const debian13: HostSpec = {
  name: "debian-13",
  title: "Debian 13 (trixie)",
  release: "trixie",
  components: ["main"],
  packages: [
    ...DOM0_PACKAGES,
    "xen-hypervisor-4.20-amd64",
    "xen-utils-4.20",
    "qemu-system-xen",
    // As every other Debian has without asking.
    "e2fsprogs",
  ],
  expect: { xen: "4.20", libvirt: "11.3.0", kernel: "6.12" },
  ...DOM0_DEFAULTS,
};

export default debian13;
