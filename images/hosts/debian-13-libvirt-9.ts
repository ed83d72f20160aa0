import type { HostSpec } from "../../harness/spec/host-spec.ts";
import debian12 from "./debian-12.ts";
import debian13 from "./debian-13.ts";

const debian13Libvirt9: HostSpec = {
  ...debian13,
  name: "debian-13-libvirt-9",
  title: "Debian 13 (trixie) with the libvirt of Debian 12",
  libvirt: { source: debian12 },
  expect: { ...debian13.expect, libvirt: debian12.expect.libvirt },
};

export default debian13Libvirt9;
