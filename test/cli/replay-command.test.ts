import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import t from "tap";
import { sha256 } from "../../harness/base/hash.ts";
import { lockPath } from "../../harness/image/pinned-lock.ts";
import { keepInputs } from "../../harness/run/run-inputs.ts";
import { program } from "../matrix/fixtures/program.ts";
import { cell, recordRun } from "../matrix/fixtures/record-run.ts";
import { zipOf } from "../replay/fixtures/zip-file.ts";

const ID = "pv-boot[debian-12]";
const digest = sha256(readFileSync(lockPath("debian-12")));

t.test("a cell of a directory, of the runs, and of a zip", async (t) => {
  const runs = t.testdir();
  const started = { locks: { "debian-12": digest }, scenarios: { "pv-boot": "f".repeat(64) } };
  const run = recordRun(runs, [cell(ID), cell("hvm-boot[debian-12]")], { started });
  await keepInputs(run, []);
  writeFileSync(join(run, "inputs/debian-12.lock.json"), readFileSync(lockPath("debian-12")));
  const members = ["events.jsonl", "inputs/debian-12.lock.json"].map((name) => ({
    name: `deep/run/${name}`,
    content: readFileSync(join(run, name), "utf8"),
  }));
  writeFileSync(join(runs, "report.zip"), zipOf(members));
  const place = { cwd: runs, env: { XENLOOP_RUNS: runs, XENLOOP_CACHE: join(runs, "cache") } };
  for (const where of [run, basename(run), "report.zip"]) {
    const told = await program(["replay", where, ID, "--dry-run"], place);
    t.equal(told.exitCode, 0, told.stderr);
    t.match(told.stdout, ID);
    t.notMatch(told.stdout, "hvm-boot");
    t.match(told.stderr, /replay: the run was of commit a{40}, this is/);
    t.match(told.stderr, "scenario pv-boot is another than in the run");
    t.notMatch(told.stderr, "kept no lock");
  }
});

t.test("what cannot be replayed is named", async (t) => {
  const runs = t.testdir({ "text.zip": "no zip" });
  const started = { locks: { "debian-12": digest } };
  const run = recordRun(runs, [cell(ID)], { started });
  const place = { cwd: runs, env: { XENLOOP_RUNS: runs, XENLOOP_CACHE: join(runs, "cache") } };
  for (const [where, id, code] of [
    [run, "pvh-boot[debian-12]", "CELL_NOT_IN_RUN"],
    ["text.zip", ID, "REPLAY_UNREADABLE"],
    ["nothing", ID, "RUN_NOT_FOUND"],
    ["http://127.0.0.1:1/a.zip", ID, "REPLAY_UNREACHABLE"],
  ] as const) {
    const told = await program(["replay", where, id, "--dry-run"], place);
    t.match(told.stderr, `[${code}]`);
    t.not(told.exitCode, 0);
  }
  const old = await program(["replay", run, ID, "--dry-run"], place);
  t.match(old.stderr, "the run kept no lock of debian-12; today's is taken");
});
