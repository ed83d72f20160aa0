import { join } from "node:path";
import { symlinkSync } from "node:fs";
import t from "tap";
import { cell, recordRun } from "../matrix/fixtures/record-run.ts";
import { program } from "../matrix/fixtures/program.ts";

const ids = ["pv[debian-12]", "hvm[debian-12]"];

t.test("since when, how often, and what changed in between", async (t) => {
  const runs = t.testdir();
  const place = { cwd: runs, env: { XENLOOP_RUNS: runs } };
  const none = await program(["history"], place);
  t.equal(none.exitCode, 3);
  t.match(none.stderr, "xenloop run adds one");

  const cells = ids.map((id) => cell(id));
  for (const status of ["passed", "failed", "failed"] as const) {
    const locks = { "debian-12": (status === "passed" ? "a" : "b").repeat(64) };
    recordRun(join(runs, "shards"), cells, {
      started: { locks },
      attempts: ({ scenario }) => [scenario === "pv" ? status : "passed"],
    });
  }
  const added = await program(["history", "--add", join(runs, "shards")], place);
  t.equal(added.exitCode, 0, added.stderr);
  t.match(added.stderr, "6 of 6 records are new");
  const [head, first, second] = added.stdout.split("\n");
  t.match(head, /^CELL +NOW +RED SINCE +LAST GOOD +RUNS +FLAKES +RUN BY RUN$/);
  t.match(first, /^pv\[debian-12\] +failed +\d{4}-\d\d-\d\d +\d{4}-\d\d-\d\d +3 +0 % +\+XX$/);
  t.match(second, /^hvm\[debian-12\] +passed +- .* \+\+\+$/);

  const again = await program(["history", "pv", "--add", join(runs, "shards")], place);
  t.match(again.stderr, "0 of 6 records are new");
  t.match(again.stdout, /^pv\[debian-12\] is failed, red since/);
  t.match(again.stdout, /first bad {2}.*run-/);
  t.match(again.stdout, /pv\[debian-12\] did not boot/);
  t.match(again.stdout, /changed in between\n {4}debian-12: other packages/);

  const json = await program(["history", "pv[debian-12]", "--json"], place);
  t.match(JSON.parse(json.stdout), { version: 1, cells: [{ runs: 3 }], changes: [{}] });
  const unknown = await program(["history", "pvh"], place);
  t.equal(unknown.exitCode, 3);
});

t.test("another machine's file is added as well as its runs", async (t) => {
  const parent = t.testdir({ there: {}, here: {} });
  const [there, here] = [join(parent, "there"), join(parent, "here")];
  const run = recordRun(there, [cell(ids[0]!)]);
  symlinkSync(run, join(there, "latest"));
  await program(["history", "--add", run], { cwd: there, env: { XENLOOP_RUNS: there } });
  const added = await program(["history", "--add", there, "--out", here], { cwd: here });
  t.match(added.stderr, "1 of 1 records are new");
  const twice = await program(["history", "--out", here, "--add", join(there, "history.jsonl")], {
    cwd: here,
  });
  t.match(twice.stderr, "0 of 1 records are new");
});
