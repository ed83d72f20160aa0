import t from "tap";
import type { Product } from "../../harness/build/builder-spec.ts";
import { touchedTags } from "../../harness/check/source-map.ts";
import { discoverScenarios } from "../../harness/plan/scenario-registry.ts";
import { ROOT } from "../cli/run-xenloop.ts";
import { LIBVIRT_PATHS } from "../fixtures/libvirt-paths.ts";

const touched = (paths: readonly string[]) => touchedTags(paths, "libvirt");

const PATHS: Readonly<Record<Product, readonly string[]>> = {
  libvirt: LIBVIRT_PATHS,
  xen: [
    "Config.mk",
    "tools/console/daemon/main.c",
    "tools/libs/ctrl/xc_domain.c",
    "tools/libs/light/libxl_disk.c",
    "tools/libs/saverestore/restore.c",
    "tools/libxc/xc_dom_x86.c",
    "tools/libxl/libxl.c",
    "tools/xl/xl.c",
    "xen/common/domain.c",
  ],
};

const BOOTS_ONLY = "Xen comes in when the guest boots that was written to; others boot like it";

/** Scenarios that no change of a product's source selects, and why; --all runs them. */
const UNREACHED: Readonly<Record<Product, Readonly<Record<string, string>>>> = {
  libvirt: {},
  xen: {
    "inject-by-libguestfs": BOOTS_ONLY,
    "inject-by-mount": BOOTS_ONLY,
    "openstack-image": "what Nova asks is libvirt's answer, and the guests it makes boot elsewhere",
  },
};

/** Names of the scenarios that a change of these files does not select. */
async function unselected(
  paths: readonly string[],
  product: Product,
  cache: string,
): Promise<string[]> {
  const tags = touchedTags(paths, product);
  const scenarios = await discoverScenarios({ root: ROOT, cache });
  const left = scenarios.filter(({ meta }) => !meta.tags.some((tag) => tags.includes(tag)));
  return left.filter(({ meta }) => !meta.tags.includes("known-issue")).map(({ meta }) => meta.id);
}

for (const product of ["libvirt", "xen"] as const) {
  t.test(`${product}: each scenario is selected by a change of some file`, async (t) => {
    const left = await unselected(PATHS[product], product, t.testdir());
    t.same(left.sort(), Object.keys(UNREACHED[product]).sort());
  });
}

t.test("the driver itself is tried by all but the scenarios of OpenStack", async (t) => {
  const openstack = ["inject-by-libguestfs", "inject-by-mount", "openstack-image"];
  const cache = t.testdir();
  for (const name of ["conf", "domain", "driver"]) {
    const left = await unselected([`src/libxl/libxl_${name}.c`], "libvirt", cache);
    t.same(left.sort(), openstack, name);
  }
  t.same(await unselected(["tools/libs/light/libxl_disk.c"], "xen", cache), openstack);
});

t.test("a change is tried by the scenarios it can touch", async (t) => {
  t.same(touched(["src/libxl/libxl_migration.c"]), ["migration"]);
  t.same(touched(["src/libxl/libxl_logger.c", "docs/drvxen.rst"]), ["logs", "smoke"]);
  t.same(touched(["src/qemu/qemu_driver.c", "NEWS.rst", "tests/virsh.c", "po/de.po"]), []);
  const reached: Readonly<Record<string, readonly string[]>> = {
    "src/conf/domain_conf.c": ["boot", "devices", "migration", "network"],
    "src/conf/virdomainobjlist.c": ["load", "migration"],
    "src/hypervisor/domain_job.c": ["migration"],
    "src/libxl/libxl_capabilities.c": ["boot", "openstack"],
    "src/remote/remote_daemon.c": ["lifecycle", "migration"],
    "src/storage_file/storage_source.c": ["devices", "disks", "migration"],
    "src/util/virnetdev.c": ["network"],
    "src/util/virtypedparam.c": ["migration"],
    "tools/virsh-domain.c": ["devices", "migration"],
  };
  for (const [path, tags] of Object.entries(reached)) {
    const named = touched([path]);
    t.same(
      tags.filter((tag) => !named.includes(tag)),
      [],
      path,
    );
  }
});

t.test("the same for Xen", async (t) => {
  const hypervisor = touchedTags(["xen/common/domain.c"], "xen");
  t.same(hypervisor, ["boot", "dom0", "lifecycle", "load", "migration", "network", "smoke"]);
  t.ok(touchedTags(["tools/libs/ctrl/xc_domain.c"], "xen").includes("migration"));
  t.same(touchedTags(["docs/man/xl.1.pod.in", "xen/arch/arm/setup.c", "README"], "xen"), []);
  t.same(touchedTags(["tools/helpers/new.c"], "xen"), ["smoke"]);
});

t.test("what nobody thought of is tried with a guest that boots", async (t) => {
  t.same(touched(["src/util/virfile.c"]), ["smoke"]);
  t.same(touched(["meson.build"]), ["smoke"]);
  t.same(touched(["meson_options.txt"]), ["smoke"], "it is no text to read");
});

t.test("each tag of the map is carried by a scenario", async (t) => {
  const cache = t.testdir();
  const scenarios = await discoverScenarios({ root: ROOT, cache });
  const known = new Set(scenarios.flatMap(({ meta }) => meta.tags));
  const named = [...touched(PATHS.libvirt), ...touchedTags(PATHS.xen, "xen")];
  for (const tag of named) t.ok(known.has(tag), tag);
});
