import { DOM0_DEFAULTS, DOM0_PACKAGES } from "../../harness/spec/dom0-defaults.ts";
import type { HostSpec } from "../../harness/spec/host-spec.ts";

const debian11: HostSpec = {
  name: "debian-11",
  title: "Debian 11 (bullseye)",
  release: "bullseye",
  components: ["main"],
  packages: [...DOM0_PACKAGES, "xen-hypervisor-4.14-amd64", "xen-utils-4.14", "qemu-system-x86"],
  expect: { xen: "4.14", libvirt: "7.0.0", kernel: "5.10" },
  ...DOM0_DEFAULTS,
};

export default debian11;
