/** A change to Xen, with a source that has Makefiles like Xen's and compiles nothing. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { findProgram } from "../../harness/base/process-path.ts";
import { runTool } from "../../harness/base/process.ts";
import type { Builder } from "../../harness/build/builder.ts";
import { runSandboxed } from "../../harness/build/sandbox.ts";
import { tarballSource } from "../../harness/build/source.ts";
import { XEN } from "../../harness/build/xen-recipe.ts";
import { buildCells, withVariants } from "../../harness/check/axis.ts";
import { CheckDress } from "../../harness/check/check-dress.ts";
import { EventBus } from "../../harness/events/bus.ts";
import type { PlannedCell } from "../../harness/events/schema.ts";
import type { LiveHost } from "../../harness/host/live-host.ts";
import { Store } from "../../harness/image/store.ts";
import { smallRoot } from "../build/small-root.ts";
import { ROOT } from "../cli/run-xenloop.ts";
import { host } from "../plan/make.ts";

const programs = ["bwrap", "make", "strip", "patch"];
const lacks = programs.filter((name) => !findProgram(name, process.env["PATH"]));
const skip = lacks.length > 0 ? `${lacks.join(", ")} is not here` : false;

const spec = host("debian-12");
const cell: PlannedCell = {
  ...{ id: "pv-boot[debian-12]", scenario: "pv-boot", title: "A guest boots", host: spec.name },
  ...{ axes: {}, tags: ["pv"], deadlineSeconds: 60 },
};

const diff = (path: string, before: string, after: string) =>
  `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-${before}\n+${after}\n`;

/** A dress for patches, prepared. */
async function dressed(t: Test, patches: Record<string, string>) {
  const folder = t.testdir({});
  const root = join(folder, "root");
  smallRoot(root);
  const tar = join(folder, "xen.tar");
  await runTool(["tar", "-C", join(ROOT, "test/fixtures"), "-cf", tar, "small-xen"], {
    timeoutMs: 60_000,
  });
  const usr = { source: "/usr", target: "/usr" };
  const builder: Builder = {
    ...{ kind: "root", spec, key: "small", lock: {} as Builder["lock"] },
    run: (request) => runSandboxed({ ...request, mounts: [usr, ...request.mounts] }, root),
  };
  const cache = join(folder, "cache");
  const dress = new CheckDress({
    ...{ hosts: [spec], recipe: XEN, logs: join(folder, "logs") },
    hypervisors: join(folder, "hypervisors"),
    archives: join(folder, "archives"),
    builder: () => Promise.resolve(builder),
    source: () => tarballSource(tar),
    variants: Object.entries(patches).map(([name, text]) => {
      return { name, title: `${name}.patch`, patches: [{ title: `${name}.patch`, text }] };
    }),
    context: { cache, store: new Store(join(cache, "store")) },
  });
  const bus = new EventBus();
  const told: string[] = [];
  bus.subscribe((event) => {
    if (event.type === "phase-ended" && event.detail !== undefined) told.push(event.detail);
  });
  await dress.prepare(bus);
  return { dress, told, cells: withVariants([cell], Object.keys(patches), "xen") };
}

t.test("hosts boot with the hypervisor of a cell's build", { skip }, async (t) => {
  const change = diff("xen/common/domain.c", "int domain;", "int domain = 1;");
  const { dress, cells } = await dressed(t, { patched: change });
  const [patched, base] = cells.map((each) => dress.bootOf(each, spec).hypervisor);
  t.match(readFileSync(patched!.file, "utf8"), "int domain = 1;");
  t.match(readFileSync(base!.file, "utf8"), "int domain;");
  t.equal(patched?.patched, true);
  t.equal(base?.patched, false);
  t.not(patched?.sha256, base?.sha256);
  for (const each of cells) t.equal(dress.judge(each), undefined, "it takes a host");
  // Nothing is put on it: it would not answer.
  const facts = await dress.apply(cells[0]!, { host: { name: spec.name } } as LiveHost);
  t.strictSame(facts, { xen_build: "patched.patch", xen_files: "xen" });
});

t.test("a change of the tools leaves hosts their own hypervisor", { skip }, async (t) => {
  const change = diff("tools/libs/light.c", "int light;", "int patched;");
  const { dress, cells } = await dressed(t, { patched: change });
  t.equal(dress.bootOf(cells[0]!, spec), spec);
  t.equal(dress.judge(cells[0]!), undefined);
});

t.test("what changes nothing that runs in a host needs none", { skip }, async (t) => {
  const { dress, cells } = await dressed(t, { patched: diff("NEWS", "none", "some") });
  t.match(dress.judge(cells[0]!), { status: "skipped", reason: /nothing of what is built here/ });
});

t.test("what does not build is told with its first error", { skip }, async (t) => {
  const gone = "--- a/tools/libs/light.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-int light;\n";
  const { dress, told, cells } = await dressed(t, { patched: gone });
  t.same(told, ["the patch is refused"]);
  const [build] = buildCells([spec], [{ name: "patched", title: "patched.patch" }], "xen");
  t.equal(build?.title, "Xen builds with patched.patch");
  t.match(dress.judge(build!), { status: "failed", reason: /No rule to make target/ });
  t.match(dress.judge(cells[0]!), { status: "skipped", reason: "no patched Xen is built" });
});
