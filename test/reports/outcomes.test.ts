import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import t from "tap";
import type { CellResult, RunResult } from "../../harness/events/result.ts";
import { discoverScenarios } from "../../harness/plan/scenario-registry.ts";
import { predictedFor } from "../../harness/plan/predicted.ts";
import { outcomeCells, outcomesDocument, type OutcomeCell } from "../../reports/outcomes.ts";

const ROOT = join(import.meta.dirname, "../..");
const recorded = JSON.parse(
  await readFile(join(ROOT, "docs/one-host.json"), "utf8"),
) as OutcomeCell[];
const scenarios = (await discoverScenarios({ root: ROOT })).map(({ meta }) => meta);
const oneHost = scenarios.filter(({ tags }) => tags.includes("one-host"));

const cell = (host: string, facts: Record<string, string>, status = "passed"): CellResult =>
  ({
    id: `guest-resize[${host},mode=pv]`,
    scenario: "guest-resize",
    ...{ host, axes: { mode: "pv" }, tags: ["one-host"], status },
    reason: status === "passed" ? "" : "the guest is gone",
    facts: { xen_version: "4.17.7", libvirt_version: "9.0.0", guest_kernel: "6.1", ...facts },
    ms: 20_000,
  }) as unknown as CellResult;

t.test("a row says what was predicted, and where hosts showed something else", (t) => {
  const result = {
    cells: [
      cell("debian-12", { predicted: "a vcpu", observed: "a vcpu" }),
      cell("debian-11", { predicted: "a vcpu", observed: "refused" }),
      cell("debian-13", { predicted: "a vcpu" }, "failed"),
      { ...cell("debian-12", {}), id: "live-migration[debian-12]", tags: ["migration"] },
    ],
  } as unknown as RunResult;
  const cells = outcomeCells([result]);
  t.equal(cells.length, 3, "scenarios of two hosts are no part of it");
  t.notOk("guest_kernel" in (cells[0]?.facts ?? {}), "nor are other facts");
  const text = outcomesDocument(cells);
  t.match(text, "- debian-12: Xen 4.17.7, libvirt 9.0.0");
  t.match(text, "| `guest-resize mode=pv` | a vcpu | **refused** | ✔ | **failed** |");
  t.match(text, "mode=pv]` failed: the guest is gone");
  t.end();
});

t.test("what cells take is told by host, PV and HVM apart, of those that passed", (t) => {
  const passed = { predicted: "it runs", observed: "it runs" };
  const took = (mode: string, ms: number, status = "passed"): CellResult => ({
    ...cell("debian-12", passed, status),
    ...{ id: `guest-resize[debian-12,mode=${mode},${ms}]`, axes: { mode }, ms },
  });
  const cells = [
    ...[took("pv", 10_000), took("pvh", 30_000), took("pv", 14_000), took("hvm", 45_000)],
    took("hvm", 300_000, "failed"),
  ];
  const text = outcomesDocument(outcomeCells([{ cells } as unknown as RunResult]));
  t.match(text, "| debian-12 | 3 | 14 s | 1 | 45 s | 1.6 min |");
  const even = outcomeCells([{ cells: cells.slice(0, 2) } as unknown as RunResult]);
  t.match(outcomesDocument(even), "| debian-12 | 2 | 20 s | 0 | – | 0.7 min |");
  const partly = cell("debian-12", { observed: "not started by libvirt; with netfront HVM boots" });
  const one = [{ ...partly, axes: { image: "hvm" } }];
  const counted = outcomesDocument(outcomeCells([{ cells: one } as unknown as RunResult]));
  t.match(counted, "| debian-12 | 0 | – | 1 | 20 s | 0.3 min |", "one refused guest of two");
  t.end();
});

t.test("docs/one-host.md is what its cells come to", async (t) => {
  const filepath = join(ROOT, "docs/one-host.md");
  const wanted = await format(outcomesDocument(recorded), {
    ...(await resolveConfig(filepath)),
    filepath,
  });
  t.equal(await readFile(filepath, "utf8"), wanted, "run scripts/generate-compatibility.ts");
});

t.test("a scenario on one host predicts each of its cells", (t) => {
  t.ok(oneHost.length > 0);
  for (const meta of oneHost) {
    const values = Object.entries(meta.axes).flatMap(([axis, list]) =>
      list.map((value) => ({ [axis]: value })),
    );
    for (const axes of values.length === 0 ? [{}] : values) {
      // An axis alone is enough for a prediction that does not depend on another.
      const all = { ...Object.fromEntries(Object.entries(meta.axes).map(first)), ...axes };
      const found = predictedFor(meta, all, { xen: "4.17.7", libvirt: "9.0.0" });
      t.ok(found, `${meta.id} ${JSON.stringify(axes)} is predicted`);
    }
  }
  t.end();
});

t.test("its cells are of the predictions as they are now", (t) => {
  for (const { id, scenario, axes, facts } of recorded) {
    const meta = oneHost.find((candidate) => candidate.id === scenario);
    t.ok(meta, `${id}: the scenario is there`);
    if (meta === undefined) continue;
    const { xen_version: xen = "", libvirt_version: libvirt = "" } = facts;
    if (xen === "") continue;
    const now = predictedFor(meta, axes, { xen, libvirt });
    const again = "run it again, then scripts/generate-compatibility.ts";
    t.equal(facts["predicted"], now?.promised ?? now?.outcome, `${id}: ${again}`);
  }
  t.end();
});

function first([axis, [value = ""]]: [string, string[]]): [string, string] {
  return [axis, value];
}
