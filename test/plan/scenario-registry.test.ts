import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import {
  discoverScenarios,
  isScenarioPath,
  readScenario,
} from "../../harness/plan/scenario-registry.ts";

const COUNTED = `
globalThis.loads = (globalThis.loads ?? 0) + 1;
export default { meta: { title: "Counts its loads", deadline: 5, tags: ["pv"] }, body() {} };
`;
const loads = () => (globalThis as { loads?: number }).loads ?? 0;

t.test("reads metadata once for each text of a scenario", async (t) => {
  const root = t.testdir({
    scenarios: { "b.ts": COUNTED, "a.ts": COUNTED, "notes.md": "", lib: { "c.ts": "" } },
    harness: { scenario: { "index.ts": "" }, spec: { "scenario-meta.ts": "" } },
  });
  const cache = join(root, "cache");
  const first = await discoverScenarios({ root, cache });
  t.strictSame(first[0], {
    file: join(root, "scenarios/a.ts"),
    meta: { id: "a", title: "Counts its loads", deadline: 5, tags: ["pv"], needs: {}, axes: {} },
  });
  t.equal(first.length, 2);
  t.equal(loads(), 2);

  t.strictSame(await discoverScenarios({ root, cache }), first);
  t.equal(loads(), 2, "nothing was imported again");
  const remembered = await readdir(join(cache, "scenario-meta"));
  t.equal(remembered.length, 2, "no partial file is left");

  await writeFile(join(root, "harness/scenario/index.ts"), "// changed");
  await discoverScenarios({ root, cache });
  t.equal((await readdir(join(cache, "scenario-meta"))).length, 4, "the interface is in the key");
});

t.test("a cache that cannot be written is done without", async (t) => {
  const root = t.testdir({ scenarios: { "a.ts": COUNTED }, cache: "a file, not a directory" });
  const scenarios = await discoverScenarios({ root, cache: join(root, "cache") });
  t.equal(scenarios.length, 1);
});

t.test("scenarios given by path", async (t) => {
  const cwd = t.testdir({ "mine.ts": COUNTED });
  t.equal((await readScenario("./mine.ts", cwd)).meta.id, "mine");
  await t.rejects(readScenario("./none.ts", cwd), { code: "SCENARIO_INVALID" });
  for (const path of ["./a", "../a", "/a", "a.ts", "dir/a.ts"]) t.ok(isScenarioPath(path), path);
  for (const name of ["pv-boot", "pv-boot[debian-12]", "disk[h,path=/dev]"]) {
    t.notOk(isScenarioPath(name), name);
  }
});

t.test("what is not a scenario says why", async (t) => {
  const cwd = t.testdir({
    "empty.ts": "export {};",
    "throws.ts": 'throw new Error("at import");',
    "wrong.ts": `export default { meta: { title: " ", deadline: -1, tags: "pv",
      axes: { "1": ["x"], ok: [], bad: ["a,b"] },
      needs: { hosts: 0, xen: "4.17", guestTypes: ["arm"], guestTypeOf: { mode: { x: "pvh" } } },
      predicted: [{ outcome: "x", libvirt: "9" }, { outcome: "y", axes: { bad: "c" } }] } };`,
  });
  await t.rejects(readScenario("./empty.ts", cwd), { message: /not what scenario\(meta, body\)/ });
  await t.rejects(readScenario("./throws.ts", cwd), { message: /at import/ });
  const error = await readScenario("./wrong.ts", cwd).catch((error: Error) => error);
  for (const part of [
    "title",
    "deadline",
    "tags",
    '"1"',
    '"ok"',
    '"bad"',
    "needs.hosts",
    "needs.xen",
    '"arm"',
    "mode=x, which is no cell",
    'mode=x with "pvh"',
    "predicted.libvirt",
    "bad=c",
  ]) {
    t.match((error as Error).message, part, `names ${part}`);
  }
});
