import t from "tap";
import { touchedTags } from "../../harness/check/source-map.ts";
import { discoverScenarios } from "../../harness/plan/scenario-registry.ts";
import { ROOT } from "../cli/run-xenloop.ts";

t.test("a change is tried by the scenarios it can touch", async (t) => {
  t.same(touchedTags(["src/libxl/libxl_migration.c"]), ["migration"]);
  t.same(touchedTags(["src/libxl/libxl_conf.c", "docs/drvxen.rst"]), ["disks", "smoke"]);
  t.same(touchedTags(["src/qemu/qemu_driver.c", "NEWS.rst", "tests/virsh.c", "po/de.po"]), []);
  t.ok(touchedTags(["src/libxl/libxl_driver.c"]).includes("migration"));
});

t.test("what nobody thought of is tried with a guest that boots", async (t) => {
  t.same(touchedTags(["src/util/virfile.c"]), ["smoke"]);
  t.same(touchedTags(["meson.build"]), ["smoke"]);
});

t.test("each tag of the map is carried by a scenario", async (t) => {
  const cache = t.testdir();
  const scenarios = await discoverScenarios({ root: ROOT, cache });
  const known = new Set(scenarios.flatMap(({ meta }) => meta.tags));
  const named = touchedTags(["src/libxl/libxl_driver.c", "src/libxl/new.c", "src/rpc/x.c"]);
  for (const tag of named) t.ok(known.has(tag), tag);
});
