import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { failedCells, findRun } from "../../harness/matrix/run-results.ts";
import { cell, recordRun } from "./fixtures/record-run.ts";

const CELLS = [
  cell("pv[debian-12]"),
  cell("hvm[debian-12]"),
  cell("pvh[debian-12]", { excluded: "so" }),
];

t.test("a run by name, by path and as the latest", async (t) => {
  const runs = t.testdir();
  const named = join(runs, "20260301-020000-a1b2");
  renameSync(recordRun(runs, CELLS), named);
  symlinkSync("20260301-020000-a1b2", join(runs, "latest"));
  const place = { runs, cwd: join(runs, "..") };
  t.equal(await findRun("20260301-020000-a1b2", place), named);
  t.equal(await findRun("latest", place), join(runs, "latest"));
  t.equal(await findRun(named, place), named);
  const relative = { runs: "/nowhere", cwd: runs };
  t.equal(await findRun("./20260301-020000-a1b2", relative), named);
  await t.rejects(findRun("20260301", place), {
    code: "RUN_NOT_FOUND",
    hint: /20260301-020000-a1b2/,
  });
  await t.rejects(findRun("latest", { runs: "/nowhere", cwd: "/" }), { code: "RUN_NOT_FOUND" });
});

t.test("what did not pass", async (t) => {
  const runs = t.testdir();
  const red = recordRun(runs, CELLS, {
    attempts: ({ scenario }) => (scenario === "pv" ? ["failed", "error"] : ["failed", "passed"]),
  });
  const place = { runs, cwd: runs };
  t.match(await failedCells(red, place), [{ id: "pv[debian-12]", status: "error" }]);
  await t.rejects(failedCells(recordRun(runs, CELLS), place), { code: "NOTHING_FAILED" });

  const killed = recordRun(runs, CELLS, { attempts: () => [], isKilled: true });
  const open = await failedCells(killed, place);
  t.strictSame(
    open.map(({ status }) => status),
    ["interrupted", "interrupted"],
    "read from the events, as there is no result",
  );

  writeFileSync(join(red, "result.json"), '{"version": 99}');
  await t.rejects(failedCells(red, place), { code: "RESULT_UNREADABLE" });
  rmSync(join(red, "result.json"));
  t.equal((await failedCells(red, place)).length, 1);
});
