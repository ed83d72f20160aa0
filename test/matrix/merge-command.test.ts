import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { RunResult } from "../../harness/events/result.ts";
import { program } from "./fixtures/program.ts";
import { cell, recordRun } from "./fixtures/record-run.ts";

const CELLS = [
  cell("pv[debian-11]"),
  cell("disk[debian-11,format=raw]"),
  cell("new[debian-11]", { excluded: "needs Xen >=4.17, debian-11 has 4.14" }),
  cell("pv[debian-12]"),
  cell("disk[debian-12,format=raw]"),
  cell("disk[debian-12,format=qcow2]"),
];
const attempts = ({ scenario, host }: { scenario: string; host: string }) =>
  scenario === "pv" && host === "debian-12" ? (["error", "failed"] as const) : ["passed" as const];

function record(parent: string, wanted: number[], shard?: string): string {
  const cells = CELLS.map((each, position) => (shard === undefined ? each : { ...each, position }));
  const argv = ["matrix", "run", ...(shard === undefined ? [] : ["--shard", shard])];
  return recordRun(
    parent,
    wanted.map((i) => cells[i]!),
    {
      attempts: (each) => [...attempts(each)],
      started: { argv, ...(shard !== undefined && { shard, plan: "p" }) },
      warnings: ["the disk is 93 % full"],
    },
  );
}

/** A result without what must differ: when it ran, for how long, and how it is called. */
function resultIn(directory: string): RunResult {
  const text = readFileSync(join(directory, "result.json"), "utf8");
  const isTime = (key: string) => key === "at" || key === "startedAt";
  const result = JSON.parse(text, (key, value: unknown) =>
    isTime(key) ? undefined : value,
  ) as RunResult;
  return { ...result, run: { ...result.run, runId: "", startedAt: "", ms: 0 } };
}

const junitIn = (directory: string) =>
  readFileSync(join(directory, "junit.xml"), "utf8").replace(/timestamp="[^"]*"/g, "");

/** Merges into `merged/` of a new directory. */
async function merge(parent: string, dirs: string[], ...more: string[]) {
  const cwd = mkdtempSync(join(parent, "cwd-"));
  const done = await program(["report", "merge", ...dirs, "--out", "merged", ...more], { cwd });
  return { ...done, out: join(cwd, "merged"), cwd };
}

t.test("two shards merged equal one run that was not divided, except times", async (t) => {
  const parent = t.testdir();
  record(join(parent, "shards/shard-1"), [1, 3, 4], "1/2");
  record(join(parent, "shards/shard-2"), [0, 2, 5], "2/2");
  const divided = await merge(parent, [join(parent, "shards")]);
  t.equal(divided.exitCode, 1, "a cell failed");
  t.match(divided.stdout, /1 failed/);
  t.match(divided.stdout, "'pv[debian-12]'");

  // The same command writes the reports of the whole run, so that only the events differ.
  const recorded = record(join(parent, "whole"), [0, 1, 2, 3, 4, 5]);
  const whole = await merge(parent, [recorded]);
  t.strictSame(resultIn(divided.out), resultIn(whole.out));
  t.equal(junitIn(divided.out), junitIn(whole.out));
  t.strictSame(resultIn(divided.out), resultIn(recorded), "and what the run itself left");
  for (const { attempts, id } of resultIn(divided.out).cells) {
    for (const { evidence, attempt } of attempts) {
      const text = readFileSync(join(divided.out, evidence[0]!.path), "utf8");
      t.equal(text, `(XEN) ${id}, attempt ${attempt}\n`);
    }
  }
});

t.test("a merged run can be rerun from", async (t) => {
  const parent = t.testdir();
  const ids = ["pv-boot[debian-12]", "hvm-boot[debian-12]", "pvh-boot[debian-12]"];
  recordRun(
    join(parent, "runs"),
    ids.map((id) => cell(id)),
    { attempts: ({ scenario }) => [scenario === "pv-boot" ? "timedout" : "passed"] },
  );
  const env = { XENLOOP_CACHE: join(parent, "cache") };
  const { out, cwd } = await merge(parent, [join(parent, "runs")]);
  for (const command of [["run"], ["matrix", "run"]]) {
    const again = await program([...command, "--rerun", out, "--dry-run"], { cwd, env });
    t.equal(again.exitCode, 0, again.stderr);
    t.match(again.stdout, /pv-boot\[debian-12\]/);
    t.notMatch(again.stdout, /hvm-boot/);
  }
  const other = await program(["run", "hvm-boot", "--rerun", out, "--dry-run"], { cwd, env });
  t.equal(other.exitCode, 3, "it passed");
  const none = await program(["run", "--last-failed", "--out", "none"], { cwd, env });
  t.equal(none.exitCode, 64);
  t.match(none.stderr, "[RUN_NOT_FOUND]");
  const both = await program(["run", "--last-failed", "--rerun", out], { cwd, env });
  t.match(both.stderr, "[USAGE_INVALID]");
});

t.test("what cannot be merged", async (t) => {
  const parent = t.testdir();
  const first = record(join(parent, "1"), [0, 1], "1/2");
  const second = record(join(parent, "2"), [2, 3], "2/2");
  const hostile = recordRun(join(parent, "3"), [cell("evil[debian-12]")], {
    started: { shard: "2/2", plan: "p" },
  });
  const events = join(hostile, "events.jsonl");
  const text = readFileSync(events, "utf8");
  writeFileSync(events, text.replace(/"path":"[^"]*"/, '"path":"cells/../../outside"'));
  for (const [dirs, code] of [
    [[first], "SHARDS_MISSING"],
    [[first, first, record(join(parent, "4"), [1], "2/2")], "CELL_TWICE"],
    [[join(parent, "none")], "NO_RUN_TO_MERGE"],
    [[first, hostile], "EVIDENCE_OUTSIDE"],
  ] as const) {
    const { exitCode, stderr, cwd } = await merge(parent, [...dirs]);
    t.equal(exitCode, 64);
    t.match(stderr, `[${code}]`);
    t.notOk(existsSync(join(cwd, "outside")));
  }
  const { exitCode, out, cwd } = await merge(parent, [first], "--allow-missing");
  t.equal(exitCode, 2, "passed, as far as it goes");
  t.match(resultIn(out), { exitCode: 2, warnings: [/shard 2\/2 is missing/, /./] });
  const again = await program(["report", "merge", first, second, "--out", "merged"], { cwd });
  t.match(again.stderr, "[MERGE_TARGET_TAKEN]");
  const nowhere = await program(["report", "merge", first, second], { cwd });
  t.match(nowhere.stderr, "[USAGE_INVALID]");
});
