import type { HostSpec } from "../../harness/spec/host-spec.ts";
import { DOM0_DEFAULTS, DOM0_PACKAGES } from "../../harness/spec/dom0-defaults.ts";

const debian12: HostSpec = {
  name: "debian-12",
  title: "Debian 12 (bookworm)",
  release: "bookworm",
  components: ["main"],
  packages: [...DOM0_PACKAGES, "xen-hypervisor-4.17-amd64", "xen-utils-4.17", "qemu-system-xen"],
  expect: { xen: "4.17", libvirt: "9.0.0", kernel: "6.1" },
  ...DOM0_DEFAULTS,
};

export default debian12;
