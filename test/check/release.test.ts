import t from "tap";
import { shippedWith } from "../../harness/check/builds.ts";
import { OtherXen } from "../../harness/check/errors.ts";
import { builtVersion, isOtherRelease } from "../../harness/check/release.ts";
import { host } from "../plan/make.ts";

const LIBRARIES = "/usr/lib/x86_64-linux-gnu";
const LIBVIRT_12 = [`${LIBRARIES}/libvirt-lxc.so.0.12008.0`, `${LIBRARIES}/libvirt.so.0.12008.0`];

t.test("files of a build bear its version", async (t) => {
  t.equal(builtVersion("libvirt", LIBVIRT_12), "12.8.0");
  t.equal(builtVersion("libvirt", [`${LIBRARIES}/libvirt.so.0.9000.0`]), "9.0.0");
  t.equal(builtVersion("xen", ["/boot/xen", `${LIBRARIES}/libxenlight.so.4.17.0`]), "4.17");
  t.equal(builtVersion("libvirt", ["/usr/sbin/libvirtd"]), undefined);
});

t.test("a release of another libvirt than the host's is told from its own", async (t) => {
  const spec = { ...host("debian-12"), expect: { xen: "4.17", libvirt: "9.0.0", kernel: "6.1" } };
  t.equal(isOtherRelease("libvirt", spec, [`${LIBRARIES}/libvirt.so.0.9000.0`]), false);
  t.equal(isOtherRelease("libvirt", spec, LIBVIRT_12), true);
  t.equal(isOtherRelease("libvirt", spec, ["/usr/sbin/libvirtd"]), false);
  t.equal(isOtherRelease("xen", spec, [`${LIBRARIES}/libxenlight.so.4.17.0`]), false);
  t.throws(() => isOtherRelease("xen", spec, [`${LIBRARIES}/libxenlight.so.4.20.0`]), OtherXen);
});

t.test("of another release everything is put on hosts, whatever the patch changes", async (t) => {
  const driver = `${LIBRARIES}/libvirt/connection-driver/libvirt_driver_libxl.so`;
  const builds = [new Map([...LIBVIRT_12, driver, "/usr/bin/virsh"].map((path) => [path, 0]))];
  t.same(shippedWith([driver], builds, false), [driver]);
  t.same(shippedWith([driver], builds, true), [...builds[0]!.keys()].sort());
  const changed = [`${LIBRARIES}/libvirt.so.0.12008.0`];
  t.notOk(shippedWith(changed, builds, false).includes("/usr/bin/virsh"), "it has a stable face");
});
