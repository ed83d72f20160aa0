import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { MatrixPlan } from "../../harness/matrix/matrix-plan.ts";
import { program } from "./fixtures/program.ts";
import { cell, recordRun } from "./fixtures/record-run.ts";

const ids = (text: string) => [...text.matchAll(/^ {2}(\S+\[\S+\])/gm)].map(([, id]) => id);

t.test("plan, and shards of the plan", async (t) => {
  const cwd = t.testdir();
  const env = { XENLOOP_CACHE: join(cwd, "cache") };
  const names = ["pv-boot", "hvm-boot", "pvh-boot"];
  const asked = [...names, "--host", "debian-12"];
  recordRun(join(cwd, "runs"), [cell("pv-boot[debian-12]")]);
  const planned = await program(["matrix", "plan", ...asked, "--shards", "2", "--json"], {
    cwd,
    env,
  });
  t.equal(planned.exitCode, 0, planned.stderr);
  const plan = JSON.parse(planned.stdout) as MatrixPlan;
  t.strictSame(plan.cells.map(({ basis }) => basis).sort(), ["deadline", "deadline", "history"]);
  writeFileSync(join(cwd, "plan.json"), planned.stdout);

  for (const { shard, cells } of plan.shards) {
    const part = ["--shard", shard, "--dry-run"];
    const run = await program(["matrix", "run", "--plan", "plan.json", ...part], { cwd, env });
    t.strictSame(ids(run.stdout), cells, run.stderr);
    const free = await program(["matrix", "run", ...asked, ...part], { cwd, env });
    t.strictSame(ids(free.stdout), cells, "the same without the file, by the same history");
    const shown = await program(["matrix", "plan", ...asked, "--shard", shard], { cwd, env });
    t.strictSame(ids(shown.stdout), cells);
    t.match(shown.stdout, `Shard ${shard}: ${cells.length} cells on debian-12, about`);
  }
  const all = await program(["matrix", "run", ...asked, "--dry-run"], { cwd, env });
  t.equal(ids(all.stdout).length, 3);
});

t.test("what is refused", async (t) => {
  const gone = {
    id: "gone[debian-12]",
    title: "",
    host: "debian-12",
    seconds: 1,
    basis: "deadline",
  };
  const shards = [{ index: 1, shard: "1/1", hosts: [], cells: [gone.id], seconds: 1 }];
  const plan = { version: 1, plan: "p", cells: [gone], shards };
  const cwd = t.testdir({ "plan.json": JSON.stringify(plan) });
  const env = { XENLOOP_CACHE: join(cwd, "cache") };
  const file = ["--plan", "plan.json"];
  for (const [args, code] of [
    [["run", ...file], "USAGE_INVALID"],
    [["run", ...file, "--shard", "1/1", "--tags", "smoke"], "USAGE_INVALID"],
    [["run", ...file, "--shard", "1/1"], "PLAN_STALE"],
    [["run", "--plan", "none.json", "--shard", "1/1"], "PLAN_UNREADABLE"],
    [["run", "--shard", "3/2", "-n"], "SHARD_INVALID"],
    [["run", "pv-boot", "--host", "debian-12", "--shard", "1/2", "-n"], "TOO_MANY_SHARDS"],
    [["plan", "--shard", "1/2", "--shards", "2"], "USAGE_INVALID"],
    [["plan", "--tags", "smokey"], "TAG_UNKNOWN"],
  ] as const) {
    const { exitCode, stderr } = await program(["matrix", ...args], { cwd, env });
    t.equal(exitCode, 64, args.join(" "));
    t.match(stderr, `[${code}]`);
  }
  const none = await program(["matrix", "plan", "--tags", "pv && hvm"], { cwd, env });
  t.equal(none.exitCode, 3);
});
