/** Costs four boots of a guest on clones, a minute and a half under emulation. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import type { RunResult } from "../../harness/events/result.ts";
import type { MatrixPlan } from "../../harness/matrix/matrix-plan.ts";
import { xenloop } from "../cli/run-xenloop.ts";

t.setTimeout(0);

/** Fields of a cell that tell when and how long, not what. */
const TIMED = new Set([
  ...["ms", "at", "startedAt", "deadlineSeconds", "time_factor"],
  ...["bytes", "excerpt"],
]);

// PV only: emulation spoils an HVM guest now and then, and a repeated attempt is a difference.
const CELLS = ["pv-boot", "guest-crash[debian-12,on_crash=destroy]", "--host", "debian-12"];
const root = mkdtempSync(join(tmpdir(), "xenloop-shards-"));
t.teardown(() => rmSync(root, { recursive: true, force: true }));

async function succeed(...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await xenloop(argv, { cwd: root });
  if (exitCode !== 0) throw new Error(`${argv.join(" ")}: ${exitCode}\n${stdout}\n${stderr}`);
  return stdout;
}

function read(directory: string, file: string): string {
  return readFileSync(join(root, directory, file), "utf8");
}

/** The console of a clone is kept where it said something, which depends on the moment. */
const isSure = ({ kind }: { kind: string }): boolean => kind !== "serial";

/** A result without what two runs of one thing cannot share: times, names, sizes of logs. */
function comparable(directory: string): unknown {
  const result = JSON.parse(read(directory, "result.json")) as RunResult;
  const { runId: _, startedAt: __, ms: ___, argv: ____, timeFactor: _____, ...run } = result.run;
  const timeless = (text: string): unknown =>
    JSON.parse(text, (key, value: unknown) => {
      if (key === "evidence") return (value as { kind: string }[]).filter(isSure);
      return TIMED.has(key) ? undefined : value;
    });
  return { run, exitCode: result.exitCode, cells: timeless(JSON.stringify(result.cells)) };
}

/** Names and properties of the test cases, without durations. */
function cases(directory: string): string[] {
  const lines = read(directory, "junit.xml").split("\n");
  const timeless = lines.filter((line) => !/"(phase\.|deadline|time_factor)/.test(line));
  return timeless
    .map((line) => line.replace(/ (time|timestamp)="[^"]*"/g, "").trim())
    .filter((line) => /^<(testsuites?|testcase|property) /.test(line))
    .filter((line) => !/name="(argv|run|time|started|evidence\.serial)/.test(line));
}

t.test(
  "two shards of one plan, run and merged, equal the undivided run, except times",
  async (t) => {
    const plan = await succeed("matrix", "plan", ...CELLS, "--shards", "2", "--json");
    writeFileSync(join(root, "plan.json"), plan);
    const { shards } = JSON.parse(plan) as MatrixPlan;
    t.equal(shards.length, 2);
    for (const { shard, index } of shards) {
      const part = ["--plan", "plan.json", "--shard", shard, "--out", `shard-${index}`];
      await succeed("matrix", "run", ...part, "--reporter", "line");
    }
    await succeed("report", "merge", "shard-1/latest", "shard-2/latest", "--out", "merged");
    await succeed("matrix", "run", ...CELLS, "--out", "whole", "--reporter", "line");

    t.strictSame(comparable("merged"), comparable("whole/latest"));
    t.strictSame(cases("merged"), cases("whole/latest"));
    t.equal(cases("merged").filter((line) => line.startsWith("<testcase")).length, 2);
  },
);
