import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import t from "tap";
import type { RunResult } from "../../harness/events/result.ts";
import { combinations } from "../../harness/plan/plan.ts";
import { discoverScenarios } from "../../harness/plan/scenario-registry.ts";
import { promiseOfMigration } from "../../harness/rules/migration-pair.ts";
import { migrationCells, migrationDocument, type MigrationCell } from "../../reports/migration.ts";

const ROOT = join(import.meta.dirname, "../..");
const DOCS = join(ROOT, "docs");

function cell(
  scenario: string,
  axes: Record<string, string>,
  facts: Record<string, string>,
  status: MigrationCell["status"] = "passed",
): MigrationCell {
  const settings = Object.entries(axes).map(([axis, value]) => `${axis}=${value}`);
  const id = `${scenario}[debian-12,${settings.join(",")}]`;
  return { id, scenario, host: "debian-12", axes, status, reason: "it broke", facts };
}

const run = (...cells: MigrationCell[]) => ({ cells }) as unknown as RunResult;

t.test("a run's cells take the place of those that were kept", (t) => {
  const peer = { peer: "debian-13" };
  const old = cell("migration-versions", peer, { observed: "is refused" }, "failed");
  const other = cell("migration-versions", { peer: "debian-11" }, { observed: "is refused" });
  const facts = { observed: "migrates", dom0_kernel: "6.1" };
  const cells = migrationCells(
    [old, other],
    [
      run(
        cell("migration-versions", peer, facts),
        cell("migration-versions", { peer: "debian-11" }, {}, "error"),
        cell("pv-boot", {}, {}),
      ),
    ],
  );
  t.same(
    cells.map(({ axes, facts }) => [axes["peer"], facts]),
    [
      ["debian-11", { observed: "is refused" }],
      ["debian-13", { observed: "migrates" }],
    ],
    "but not by an error of the harness, nor other facts, nor other scenarios",
  );
  t.end();
});

t.test("what passed when it was repeated is seen", (t) => {
  const facts = { p2p_total_ms: "1000" };
  const [only] = migrationCells([], [run(cell("migration-modes", {}, facts, "flaky"))]);
  t.match(only, { status: "passed", facts });
  t.end();
});

t.test("tables say what was seen, and mark what broke a promise", (t) => {
  const cells = [
    cell(
      "migration-versions",
      { peer: "debian-11" },
      {
        ...{ rule: "backwards", predicted: "is refused", observed: "is refused" },
        xen_version: "4.17.7",
      },
    ),
    cell(
      "migration-versions",
      { peer: "debian-12" },
      { rule: "supported", predicted: "migrates", observed: "migrates" },
    ),
    cell(
      "migration-versions",
      { peer: "debian-13" },
      { rule: "supported", predicted: "migrates", observed: "dies on arrival" },
      "failed",
    ),
    cell(
      "migration-modes",
      { mode: "p2p", guest: "pv" },
      {
        ...{ there_total_ms: "2345", there_downtime_ms: "210", live: "false" },
        ...{ back_total_ms: "1950", back_downtime_ms: "180" },
      },
    ),
    {
      ...cell(
        "migration-tour",
        { guest: "hvm" },
        { p2p_total_ms: "9400", p2p_downtime_ms: "300", ssh_total_ms: "8000" },
        "failed",
      ),
      reason: "ssh: no value comes twice: found 4",
    },
    cell("migration-disk", { disk: "phy", guest: "pvh" }, {}),
    cell(
      "migration-full-disk",
      {},
      { observed: "runs on source", migrate_error: "exit 1: error: it is | full" },
    ),
    cell("migration-unfit", {}, { error_same_UUID: "exit 1: error: the same host" }),
    cell(
      "migration-unfit",
      {},
      { error_no_disk: "exit 1: error: it failed", cause_no_disk: "none" },
    ),
    cell("migration-repeats", { guest: "pv" }, { summary: "20 moves" }),
    cell("migration-nova", {}, {}, "failed"),
    {
      ...cell(
        "migration-faults",
        { fault: "link-cut" },
        { state_begin: "runs on source", state_finish: "runs on source and destination" },
        "failed",
      ),
      reason: "finish: a state that is known: found another",
    },
  ];
  const text = migrationDocument(cells, [
    { scenario: "migration-modes", axes: { mode: "p2p", guest: "hvm" } },
    { scenario: "migration-modes", axes: { mode: "ssh", guest: "hvm" } },
    { scenario: "migration-faults", axes: { fault: "destination-daemon" } },
    { scenario: "migration-pv", axes: {} },
    { scenario: "pv-boot", axes: {} },
  ]);
  t.match(text, "is refused (backwards) | migrates | **dies on arrival**, predicted: migrates |");
  t.match(text, "| p2p | pv | 2.3 s, 210 ms; 1.9 s, 180 ms; stopped |");
  t.match(text, "| p2p | hvm | 9.4 s, 300 ms |", "before the tour broke");
  t.match(text, "| ssh | hvm | **failed**: ssh: no value comes twice");
  t.match(text, "| migration-disk phy pvh | passed |");
  t.match(text, "| migration-full-disk | runs on source |");
  t.match(text, String.raw`| full-disk | it is \| full |`);
  t.match(text, "| unfit: same UUID | the same host |");
  t.match(text, "| unfit: no disk | it failed; none |");
  t.match(text, "| migration-repeats pv | 20 moves |");
  t.match(text, "| migration-nova | **failed**: it broke |");
  t.match(text, "| migration-pv | not run |", "what no run has is a row all the same");
  t.notMatch(text, "pv-boot");
  t.match(text, "| destination-daemon | begin | not run |");
  t.match(text, "| link-cut | begin | runs on source (the cell failed) |");
  t.match(text, "| link-cut | prepare | not run |");
  t.match(text, "| link-cut | finish | **runs on source and destination** (the cell failed) |");
  t.end();
});

t.test("docs/migration.md is what its cells come to", async (t) => {
  const cells = await recorded();
  const filepath = join(DOCS, "migration.md");
  const style = await resolveConfig(filepath);
  const planned = (await discoverScenarios({ root: ROOT })).flatMap(({ meta }) =>
    combinations(meta.axes).map((axes) => ({ scenario: meta.id, axes })),
  );
  const wanted = await format(migrationDocument(cells, planned), { ...style, filepath });
  t.equal(await readFile(filepath, "utf8"), wanted, "run scripts/generate-migration.ts");
});

t.test("its predictions are those of the rule as it is now", async (t) => {
  for (const { id, scenario, facts } of await recorded()) {
    if (scenario !== "migration-versions") continue;
    const { xen_version: from = "", peer_xen_version: to = "", rule } = facts;
    t.equal(rule, promiseOfMigration(from, to), id);
  }
});

async function recorded(): Promise<MigrationCell[]> {
  return JSON.parse(await readFile(join(DOCS, "migration.json"), "utf8")) as MigrationCell[];
}
