import { DOM0_DEFAULTS, DOM0_PACKAGES } from "../../harness/spec/dom0-defaults.ts";
import type { HostSpec } from "../../harness/spec/host-spec.ts";

const debianSid: HostSpec = {
  name: "debian-sid",
  title: "Debian unstable (sid)",
  release: "sid",
  components: ["main"],
  // The index of a rolling release is sometimes not signed anew in time.
  allowExpiredRelease: true,
  packages: [
    ...DOM0_PACKAGES,
    // For xen+ssh; elsewhere the server depends on it.
    "openssh-client",
    ...["xen-hypervisor-4.20-amd64", "xen-utils-4.20", "qemu-system-xen"],
  ],
  expect: { xen: "4.20", libvirt: "12.", kernel: "7." },
  ...DOM0_DEFAULTS,
};

export default debianSid;
