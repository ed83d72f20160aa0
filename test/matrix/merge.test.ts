import t, { type Test } from "tap";
import { ResultBuilder } from "../../harness/events/reduce.ts";
import type { RunResult } from "../../harness/events/result.ts";
import type { PlannedCell } from "../../harness/events/schema.ts";
import { mergeShards, type MergeOptions } from "../../harness/matrix/merge.ts";
import { readShardRuns } from "../../harness/matrix/shard-runs.ts";
import { cell, LOCKS, recordRun, type RecordOptions } from "./fixtures/record-run.ts";

const A = cell("pv[debian-11]", { position: 0 });
const B = cell("pv[debian-12]", { position: 1 });
const C = cell("hvm[debian-12]", { position: 2 });

type Shard = [cells: PlannedCell[], options?: RecordOptions];

async function merge(t: Test, shards: Shard[], options: Partial<MergeOptions> = {}) {
  const parent = t.testdir();
  const directories = shards.map(([cells, { started, ...rest } = {}], i) =>
    recordRun(parent, cells, {
      ...rest,
      started: { shard: `${i + 1}/${shards.length}`, plan: "p", ...started },
    }),
  );
  const runs = await readShardRuns(directories);
  const choice = { runId: "merged", allowMixed: false, allowMissing: false, ...options };
  const merged = mergeShards(runs, choice);
  const builder = new ResultBuilder();
  for (const event of merged.events) builder.add(event);
  return { ...merged, result: builder.result() };
}

const ids = ({ cells }: RunResult) => cells.map(({ id }) => id);

t.test("one run, in the order of the plan", async (t) => {
  const { result, events, isIncomplete, startedAt, endedAt } = await merge(t, [
    [[B], { started: { argv: ["matrix", "run", "--shard", "1/2", "--plan=p.json", "--cold"] } }],
    [[A, C]],
  ]);
  t.strictSame(ids(result), [A.id, B.id, C.id]);
  t.notOk(result.cells.some((each) => "position" in each));
  t.notOk(isIncomplete);
  t.strictSame(result.warnings, []);
  t.strictSame(
    events.map(({ seq }) => seq),
    events.map((_, i) => i),
  );
  t.match(result.run, { runId: "merged", argv: ["matrix", "run", "--cold"], locks: LOCKS });
  t.notOk("shard" in result.run || "plan" in result.run);
  t.ok(endedAt >= startedAt);
  t.strictSame(
    result.preparations.map(({ scope }) => scope),
    ["debian-11", "debian-12"].flatMap((host) => [`image:${host}`, `template:${host}`]),
    "a host of two shards is there once",
  );
});

t.test("a scenario whose code is not the same in all shards", async (t) => {
  const shard = (digest: string) => ({ started: { scenarios: { pv: digest, own: "x" } } });
  const mixed: Shard[] = [
    [[B], shard("1")],
    [[C], shard("2")],
  ];
  const message = /code of pv: 1 in shard 1\/2; 2 in shard 2\/2/;
  await t.rejects(merge(t, mixed), { code: "SHARDS_MIXED", message });
  const same = await merge(t, [
    [[B], shard("1")],
    [[C], shard("1")],
  ]);
  t.strictSame(same.result.warnings, []);
});

t.test("shards that are not of one run", async (t) => {
  for (const [what, started, message] of [
    [
      "commit",
      { commit: "f".repeat(40) },
      /harness commit: 0\.1\.0 a+ in shard 1\/2; 0\.1\.0 f+ in/,
    ],
    ["dirty", { commit: `${"a".repeat(40)}-dirty` }, /harness commit/],
    [
      "lock",
      { locks: { ...LOCKS, "debian-12": "d" } },
      /lock of debian-12: c+ in shard 1\/2; d in/,
    ],
    ["no lock", { locks: {} }, /debian-12 is not pinned by a lock in shard 2\/2/],
    ["plan", { plan: "q" }, /plan: p in shard 1\/2; q in shard 2\/2/],
  ] as const) {
    await t.test(what, async (t) => {
      const shards: Shard[] = [[[B]], [[C], { started }]];
      await t.rejects(merge(t, shards), { code: "SHARDS_MIXED", message });
      const { result } = await merge(t, shards, { allowMixed: true });
      t.match(result.warnings, [message]);
      t.equal(result.cells.length, 2);
    });
  }
  const other = { locks: { "debian-11": "other" } };
  const apart = await merge(t, [[[A], { started: other }], [[B]]]);
  t.strictSame(apart.result.warnings, [], "a lock matters where two shards ran its host");
});

t.test("a cell that comes twice is never merged", async (t) => {
  const both = { allowMixed: true, allowMissing: true };
  await t.rejects(merge(t, [[[A, B]], [[B]]], both), {
    code: "CELL_TWICE",
    message: /^pv\[debian-12\] is in .*run-.* and in /,
  });
});

t.test("shards that are not there, or did not come to their end", async (t) => {
  const first: Shard = [[A], { started: { shard: "1/3" } }];
  const third: Shard = [[C], { started: { shard: "3/3" } }];
  await t.rejects(merge(t, [first, third]), { code: "SHARDS_MISSING", message: /: 2\/3$/ });
  const some = await merge(t, [first, third], { allowMissing: true });
  t.ok(some.isIncomplete);
  t.match(some.result.warnings, [/shard 2\/3 is missing/]);

  const killed = await merge(t, [[[A]], [[B, C], { isKilled: true, attempts: () => [] }]]);
  t.ok(killed.isIncomplete);
  t.match(killed.result.warnings, [/shard 2\/2 was killed/]);
  t.match(killed.result.counts, { passed: 1, interrupted: 2 });
});

t.test("machines that differ", async (t) => {
  const kvm = { accel: "kvm", timeFactor: 1, qemu: "8.2.2" };
  const { result } = await merge(t, [
    [[A], { warnings: ["the disk is full"] }],
    [[B], { started: kvm, warnings: ["the disk is full"] }],
  ]);
  t.strictSame(result.warnings, [
    "accelerator: tcg in shard 1/2; kvm in shard 2/2",
    "QEMU: 7.2.9 in shard 1/2; 8.2.2 in shard 2/2",
    "the disk is full",
  ]);
  t.match(result.cells[1]?.facts, { accel: "kvm", qemu_version: "8.2.2", time_factor: "1" });
  t.notOk("accel" in (result.cells[0]?.facts ?? {}), "the first is what the run's header says");
});

t.test("runs that are no shards, and what is none", async (t) => {
  const parent = t.testdir({ empty: {} });
  const runs = [
    recordRun(`${parent}/x/y`, [cell("b[debian-11]")]),
    recordRun(parent, [cell("a[debian-12]")]),
  ];
  const found = await readShardRuns([parent, runs[1]!]);
  t.equal(found.length, 2, "one that is named twice is one");
  mergeShards(found, { runId: "m", allowMixed: false, allowMissing: false });
  await t.rejects(readShardRuns([`${parent}/empty`]), { code: "NO_RUN_TO_MERGE" });
});
