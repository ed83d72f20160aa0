import t from "tap";
import type { CellResult, RunResult } from "../../../harness/events/result.ts";
import { bodies } from "../../../reports/github/body.ts";
import { conclusionOf, headline } from "../../../reports/github/headline.ts";
import { RESULT } from "./fixtures/publishing.ts";

const ARTIFACT = "https://github.com/xen/libvirt/actions/runs/7/artifacts/77";

/** The run with only those cells. */
function only(keep: (cell: CellResult) => boolean, change: Partial<RunResult> = {}): RunResult {
  const cells = RESULT.cells.filter(keep);
  const counts = { ...RESULT.counts, passed: 0, flaky: 0, skipped: 0 };
  for (const { status } of cells) if (status in counts) counts[status] += 1;
  return { ...RESULT, cells, counts, complete: true, exitCode: 0, ...change };
}

t.test("new, old, known, flaky: each has its place, and a command", async (t) => {
  const [full = ""] = bodies(RESULT, { artifact: ARTIFACT });
  t.match(full, /^## ✖ xenloop: 2 new failures, 3 still red, 1 known, 1 unfinished, 1 flaky, /);
  const sections = [...full.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
  t.strictSame(sections, [
    "New failures",
    "Red before this change",
    "Known issues",
    "Cut off",
    "Flaky: red, then passed when run again",
  ]);
  t.match(full, `./xenloop replay '${ARTIFACT}' 'disk[debian-11,format=vhd]'`);
  t.match(full, "Panic on CPU 0:");
  t.notMatch(full, "disk[debian-12,format=vhd]'", "one command a failure");
});

t.test("what was red in the run before is said to be fixed", async (t) => {
  const cells = RESULT.cells.filter(({ status }) => status === "passed").slice(0, 1);
  const cell = cells[0]!.id;
  const recent = (["failed", "passed"] as const).map((status, at) => {
    return { run: `r${at}`, at: "2026-01-01T00:00:00Z", status, ms: 1 };
  });
  const history = { cells: [{ cell, runs: 2, flakes: 0, recent }], changes: [], trends: [] };
  const result = only(({ id }) => id === cell, { history });
  t.match(bodies(result, {})[0], /### Fixed: red before this change\n\n- <code>/);
  t.equal(conclusionOf(result), "success");
});

t.test("only what is new holds a change up", async (t) => {
  const of = (status: string, change?: Partial<RunResult>) =>
    conclusionOf(only((cell) => cell.status === status, change));
  t.equal(of("passed"), "success");
  t.equal(of("flaky"), "success");
  t.equal(of("error"), "failure");
  t.equal(of("interrupted"), "cancelled");
  t.equal(of("skipped"), "neutral");
  t.equal(conclusionOf(only(({ known }) => known !== undefined)), "neutral");
  t.equal(of("passed", { complete: false }), "failure", "a run that was cut off proves nothing");
  t.equal(of("passed", { exitCode: 2 }), "failure");
  t.equal(headline(only(() => false)), "nothing ran");
});

t.test("each rung says less; the last is the headline", async (t) => {
  const cells = Array.from({ length: 3000 }, (_, at): CellResult => {
    const failed = RESULT.cells.find(({ status }) => status === "error")!;
    return { ...failed, id: `cell-${at}[host]`, reason: `reason ${"x".repeat(at % 200)}` };
  });
  const all = bodies({ ...RESULT, cells }, { artifact: ARTIFACT });
  const sizes = all.map(({ length }) => length);
  t.strictSame(
    sizes,
    sizes.toSorted((a, b) => b - a),
  );
  t.ok(sizes.at(-1)! < 1000);
  t.match(all[1], /… and \d+ more in the report/);
});

t.test("a reproducer is run by repro", async (t) => {
  const red = RESULT.cells.find(({ status }) => status === "failed")!;
  const cell = { ...red, tags: ["known-issue"], scenario: "k05-vpc-disk-type", axes: {} };
  const [full] = bodies({ ...RESULT, cells: [cell] }, { artifact: ARTIFACT });
  t.match(full, `./xenloop repro K05 --host ${red.host}\n`);
});
