import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import t from "tap";
import type { RunResult } from "../../harness/events/result.ts";
import type { MatrixPlan } from "../../harness/matrix/matrix-plan.ts";
import { XENLOOP } from "../cli/run-xenloop.ts";
import { program } from "../matrix/fixtures/program.ts";
import { cell, recordRun } from "../matrix/fixtures/record-run.ts";
import { readWorkflow, stepWith, type Step } from "./fixtures/workflow.ts";

/** `matrix run` only tells its cells: this test starts no machine. */
const SHIM = `#!/bin/sh
case "$1 $2" in "matrix run") exec '${XENLOOP}' "$@" --dry-run ;; esac
exec '${XENLOOP}' "$@"
`;

t.test("a night: plan, two shards, merge, and the plan of the next", async (t) => {
  const { plan, shard, merge } = readWorkflow("nightly.yml").workflow.jobs;
  const root = t.testdir();
  /** Runs a step's script as a runner does, in the directory of a job. */
  const play = async (job: string, step: Step | undefined, env: Record<string, string>) => {
    const cwd = join(root, job);
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, "xenloop"), SHIM);
    chmodSync(join(cwd, "xenloop"), 0o755);
    const script = join(root, "script.sh");
    writeFileSync(script, step?.run ?? "exit 9");
    const done = await execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
      cwd,
      env: { NO_COLOR: "1", FORCE_COLOR: undefined, XENLOOP_CACHE: join(root, "cache"), ...env },
      reject: false,
      stdin: "ignore",
    });
    return { exitCode: done.exitCode, stdout: done.stdout, stderr: done.stderr, cwd };
  };
  const GITHUB_OUTPUT = join(root, "output");
  const night = { SHARDS: "2", TAGS: "smoke", GITHUB_OUTPUT };

  const planning = await play("plan", stepWith(plan, "matrix plan"), night);
  t.equal(planning.exitCode, 0, planning.stderr);
  const planned = JSON.parse(readFileSync(join(planning.cwd, "plan.json"), "utf8")) as MatrixPlan;
  const [, output = ""] = /^shards=(.*)\n$/.exec(readFileSync(GITHUB_OUTPUT, "utf8")) ?? [];
  const rows = JSON.parse(output) as MatrixPlan["shards"];
  t.strictSame(rows, planned.shards, "the rows of the matrix are the shards of the plan");
  t.equal(rows.length, 2);
  for (const rebuilt of ["debian-11-libvirt-11", "debian-12-libvirt-11", "debian-13-libvirt-9"]) {
    const cells = planned.cells.filter(({ host }) => host === rebuilt);
    const isThere = cells.some(({ id }) => id.startsWith("pv-boot"));
    t.ok(isThere, `${rebuilt}: pairs that nobody ships are cells`);
  }

  const ran: string[] = [];
  for (const { index, shard: name } of rows) {
    const job = `shard-${index}`;
    mkdirSync(join(root, job));
    cpSync(join(root, "plan/plan.json"), join(root, job, "plan.json"));
    const told = await play(job, stepWith(shard, "matrix run"), { SHARD: name });
    t.equal(told.exitCode, 0, told.stderr);
    const ids = [...told.stdout.matchAll(/^ {2}(\S+\[\S+\])/gm)].map(([, id]) => id!);
    ran.push(...ids);
    const positionOf = (id: string) => planned.cells.findIndex((each) => each.id === id);
    recordRun(
      join(root, "merge/shards", job),
      ids.map((id) => cell(id, { position: positionOf(id) })),
      {
        started: { shard: name, plan: planned.plan, locks: locksOf(planned) },
        attempts: () => (index === 2 ? ["error", "passed"] : ["passed"]),
      },
    );
  }
  const all = planned.cells.map(({ id }) => id);
  t.strictSame(ran.toSorted(), all.toSorted(), "each cell in one of the shards");

  const merging = await play("merge", stepWith(merge, "report merge"), { XENLOOP_RUNS: "history" });
  t.equal(merging.exitCode, 0, merging.stderr);
  const merged = join(merging.cwd, "merged/result.json");
  const result = JSON.parse(readFileSync(merged, "utf8")) as RunResult;
  t.strictSame(
    result.cells.map(({ id }) => id),
    all,
    "in the order of the plan",
  );
  t.strictSame(result.warnings, []);
  t.match(readFileSync(join(merging.cwd, "merged/junit.xml"), "utf8"), all[0]);

  const keeping = merge?.steps.find(({ run }) => run?.includes("history/"));
  for (let night = 90; night < 110; night += 1) {
    mkdirSync(join(merging.cwd, `history/${night}`), { recursive: true });
  }
  const kept = await play("merge", keeping, { GITHUB_RUN_ID: "110" });
  t.equal(kept.exitCode, 0, kept.stderr);
  const history = readdirSync(join(merging.cwd, "history")).filter((name) => /^\d+$/.test(name));
  t.equal(history.length, 20);
  t.notOk(history.includes("90"), "the oldest goes, as numbers count");
  t.match(kept.stdout, /^CELL .*RED SINCE/, "each cell is remembered");
  const remembered = readFileSync(join(merging.cwd, "history/history.jsonl"), "utf8");
  t.equal(remembered.trim().split("\n").length, all.length);

  const argv = [
    "matrix",
    "plan",
    "--host",
    "all,rebuilt",
    "--tags",
    "smoke",
    "--history",
    "history",
    "--json",
  ];
  const next = await program(argv, { cwd: merging.cwd });
  const after = JSON.parse(next.stdout) as MatrixPlan;
  t.ok(after.cells.every(({ basis, excluded }) => excluded !== undefined || basis === "history"));
});

function locksOf({ cells }: MatrixPlan): Record<string, string> {
  return Object.fromEntries(cells.map(({ host }) => [host, `lock of ${host}`]));
}
