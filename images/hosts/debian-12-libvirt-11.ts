import type { HostSpec } from "../../harness/spec/host-spec.ts";
import debian12 from "./debian-12.ts";
import debian13 from "./debian-13.ts";

const debian12Libvirt11: HostSpec = {
  ...debian12,
  name: "debian-12-libvirt-11",
  title: "Debian 12 (bookworm) with the libvirt of Debian 13",
  libvirt: { source: debian13 },
  expect: { ...debian12.expect, libvirt: debian13.expect.libvirt },
};

export default debian12Libvirt11;
