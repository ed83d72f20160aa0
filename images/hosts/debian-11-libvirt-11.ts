import type { HostSpec } from "../../harness/spec/host-spec.ts";
import debian11 from "./debian-11.ts";
import debian13 from "./debian-13.ts";

const debian11Libvirt11: HostSpec = {
  ...debian11,
  name: "debian-11-libvirt-11",
  title: "Debian 11 (bullseye) with the libvirt of Debian 13",
  libvirt: { source: debian13 },
  expect: { ...debian11.expect, libvirt: debian13.expect.libvirt },
};

export default debian11Libvirt11;
