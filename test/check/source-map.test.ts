import t from "tap";
import { touchedTags } from "../../harness/check/source-map.ts";
import { discoverScenarios } from "../../harness/plan/scenario-registry.ts";
import { ROOT } from "../cli/run-xenloop.ts";

const touched = (paths: readonly string[]) => touchedTags(paths, "libvirt");

t.test("a change is tried by the scenarios it can touch", async (t) => {
  t.same(touched(["src/libxl/libxl_migration.c"]), ["migration"]);
  t.same(touched(["src/libxl/libxl_conf.c", "docs/drvxen.rst"]), ["disks", "smoke"]);
  t.same(touched(["src/qemu/qemu_driver.c", "NEWS.rst", "tests/virsh.c", "po/de.po"]), []);
  t.ok(touched(["src/libxl/libxl_driver.c"]).includes("migration"));
});

t.test("the same for Xen", async (t) => {
  t.same(touchedTags(["xen/common/domain.c"], "xen"), ["lifecycle", "migration", "smoke"]);
  t.ok(touchedTags(["tools/libs/light/libxl_disk.c"], "xen").includes("disks"));
  t.same(touchedTags(["docs/man/xl.1.pod.in", "xen/arch/arm/setup.c", "README"], "xen"), []);
  t.same(touchedTags(["tools/helpers/new.c"], "xen"), ["smoke"]);
});

t.test("what nobody thought of is tried with a guest that boots", async (t) => {
  t.same(touched(["src/util/virfile.c"]), ["smoke"]);
  t.same(touched(["meson.build"]), ["smoke"]);
});

t.test("each tag of the map is carried by a scenario", async (t) => {
  const cache = t.testdir();
  const scenarios = await discoverScenarios({ root: ROOT, cache });
  const known = new Set(scenarios.flatMap(({ meta }) => meta.tags));
  const named = [
    ...touched(["src/libxl/libxl_driver.c", "src/libxl/new.c", "src/rpc/x.c"]),
    ...touchedTags(["xen/common/domain.c", "tools/libs/light/libxl_disk.c"], "xen"),
  ];
  for (const tag of named) t.ok(known.has(tag), tag);
});
