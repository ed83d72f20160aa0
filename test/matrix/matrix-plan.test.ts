import { join } from "node:path";
import t from "tap";
import { planMatrix, readPlan, shardOf } from "../../harness/matrix/matrix-plan.ts";
import { cell } from "./fixtures/record-run.ts";

const CELLS = [
  cell("a[debian-11]"),
  cell("b[debian-11]", { excluded: "needs Xen >=4.17" }),
  cell("a[debian-12]"),
  cell("b[debian-12]"),
];
const NONE = { cells: new Map<string, number>(), preparations: new Map<string, number>() };

t.test("cells, shards and a digest of who runs what", async (t) => {
  const history = {
    cells: new Map([["a[debian-12]", 30.4]]),
    preparations: new Map([["debian-12", 10]]),
  };
  const plan = planMatrix(CELLS, history, { shards: 2, exact: true });
  t.match(plan.shards, [
    { index: 1, shard: "1/2", hosts: ["debian-11"], cells: ["a[debian-11]", "b[debian-11]"] },
    { index: 2, shard: "2/2", hosts: ["debian-12"], cells: ["a[debian-12]", "b[debian-12]"] },
  ]);
  t.match(plan.cells[2], { id: "a[debian-12]", seconds: 30, basis: "history" });
  t.equal(plan.shards[1]?.seconds, 71, "both cells, the second at the first's share, and the host");
  const other = planMatrix(CELLS, NONE, { shards: 2, exact: true });
  t.equal(other.plan, plan.plan, "other costs, same shards");
  t.not(planMatrix(CELLS, NONE, { shards: 3, exact: true }).plan, plan.plan);
});

t.test("more shards than cells", async (t) => {
  t.equal(planMatrix(CELLS, NONE, { shards: 9, exact: false }).shards.length, 3);
  t.throws(() => planMatrix(CELLS, NONE, { shards: 9, exact: true }), {
    code: "TOO_MANY_SHARDS",
    hint: /--shards 3$/,
  });
  const plan = planMatrix(CELLS, NONE, { shards: 2, exact: true });
  t.throws(() => shardOf(plan, { index: 1, count: 3 }), { code: "TOO_MANY_SHARDS" });
});

t.test("a plan as a file", async (t) => {
  const plan = planMatrix(CELLS, NONE, { shards: 2, exact: true });
  const files = t.testdir({
    "plan.json": JSON.stringify(plan),
    "newer.json": JSON.stringify({ ...plan, version: 2 }),
    "cut.json": '{"version": 1, "pl',
  });
  t.strictSame(await readPlan(join(files, "plan.json")), plan);
  for (const name of ["newer.json", "cut.json", "none.json"]) {
    await t.rejects(readPlan(join(files, name)), { code: "PLAN_UNREADABLE", kind: "usage" }, name);
  }
});
