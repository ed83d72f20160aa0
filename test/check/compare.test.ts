import t from "tap";
import { buildCells, variantNames, withVariants } from "../../harness/check/axis.ts";
import { checkCode, compareCells, firstBad } from "../../harness/check/compare.ts";
import { renderCheck } from "../../harness/check/render.ts";
import type { CellResult } from "../../harness/events/result.ts";
import type { PlannedCell } from "../../harness/events/schema.ts";
import type { CellStatus } from "../../harness/events/status.ts";

const CELL: PlannedCell = {
  id: "pv-boot[debian-12]",
  scenario: "pv-boot",
  title: "A PV guest boots",
  host: "debian-12",
  axes: {},
  tags: ["pv"],
  deadlineSeconds: 60,
};

function ended(cell: PlannedCell, status: CellStatus): CellResult {
  const reason = status === "passed" ? "" : `it is ${status}`;
  return { ...cell, status, reason, ms: 1, excerpt: [], facts: {}, comments: [], attempts: [] };
}

function outcome(statuses: Record<string, CellStatus>): CellResult[] {
  const variants = Object.keys(statuses).filter((name) => name !== "base");
  return withVariants([CELL], variants, "libvirt").map((cell) =>
    ended(cell, statuses[cell.axes["libvirt"] ?? ""] ?? "skipped"),
  );
}

t.test("each cell comes with every build, the patched ones first", async (t) => {
  const cells = withVariants(
    [{ ...CELL, axes: { format: "raw" } }],
    variantNames(2, true),
    "libvirt",
  );
  t.same(
    cells.map(({ id }) => id),
    ["patch-1", "patch-2", "base"].map((v) => `pv-boot[debian-12,format=raw,libvirt=${v}]`),
  );
});

t.test("what a patch did is its cell against the base's", async (t) => {
  const cases: [CellStatus, CellStatus, string, number][] = [
    ["passed", "passed", "unchanged", 0],
    ["passed", "failed", "new failure", 1],
    ["passed", "timedout", "new failure", 1],
    ["flaky", "passed", "unchanged", 0],
    ["failed", "passed", "fixed", 0],
    ["failed", "failed", "fails as before", 2],
    ["passed", "error", "undecided", 2],
    ["error", "passed", "undecided", 2],
    ["skipped", "failed", "undecided", 2],
    ["skipped", "skipped", "not run", 0],
  ];
  for (const [base, patched, effect, code] of cases) {
    const comparisons = compareCells(outcome({ base, patched }));
    t.same(
      comparisons.map((one) => one.effect),
      [effect],
      `${base} → ${patched}`,
    );
    t.equal(checkCode(comparisons), code);
  }
});

t.test("what fails otherwise than before is the patch's, whatever numbers are in it", async (t) => {
  const [patched, base] = outcome({ base: "failed", patched: "failed" });
  const effect = (before: Partial<CellResult>, after: Partial<CellResult>) =>
    compareCells([
      { ...patched!, ...after },
      { ...base!, ...before },
    ])[0]?.effect;
  const said = (seconds: number, uuid: string) => `no tick within ${seconds} s of ${uuid}`;
  const late = { reason: said(30, "4dea22b3-1d52-d8f3-2516-abcdefabcdef") };
  const again = { reason: said(131, "c7a5fdbd-cdaf-9455-926a-d65c16db1809") };
  t.equal(effect(late, again), "fails as before");
  const cut = (id: number) => ({ reason: `${"a".repeat(90)} domain ${id} has failed to…` });
  t.equal(effect(cut(9), { reason: `${cut(10).reason.slice(0, -2)}…` }), "fails as before");
  const crash = { ...late, diagnosis: "libvirtd: it dies of SIGSEGV" };
  t.equal(effect(late, crash), "fails otherwise");
  t.equal(effect(late, { ...late, code: "LEAKED" }), "fails otherwise");
  const cells = [
    { ...patched!, ...crash },
    { ...base!, ...late },
  ];
  t.equal(checkCode(compareCells(cells)), 1);
  const text = renderCheck(cells, [{ name: "patched", title: "fix.patch", patches: [] }]);
  t.match(text, /✖ fails otherwise pv-boot\[debian-12\]\n {4}libvirtd: it dies/);
  t.match(text, /fix\.patch breaks 1 of 1\.\n$/);
});

t.test("a check whose base works nowhere says that it judges nothing", async (t) => {
  const other = { ...CELL, id: "hvm-boot[debian-12]", scenario: "hvm-boot" };
  const red = outcome({ base: "failed", patched: "failed" });
  const green = withVariants([other], ["patched"], "libvirt").map((cell) => ended(cell, "passed"));
  const variants = [{ name: "patched", title: "fix.patch", patches: [] }];
  t.equal(checkCode(compareCells(red)), 2);
  t.match(renderCheck(red, variants), /Nothing works without the patch either/);
  t.equal(checkCode(compareCells([...red, ...green])), 0);
  t.match(
    renderCheck([...red, ...green], variants),
    /Nothing breaks; 1 fail with and without it\.\n$/,
  );
  const none = outcome({ base: "skipped", patched: "skipped" });
  t.match(renderCheck(none, variants), /No scenario ran\.\n$/);
});

t.test("a patch that does not build is a new failure, and is told with its reason", async (t) => {
  const [build] = buildCells(
    [{ name: "debian-12" }],
    [{ name: "patched", title: "fix.patch" }],
    "libvirt",
  );
  const cells = [ended(build!, "failed"), ...outcome({ base: "skipped", patched: "skipped" })];
  t.equal(checkCode(compareCells(cells)), 1);
  const text = renderCheck(cells, [{ name: "patched", title: "fix.patch", patches: [] }]);
  t.match(text, /✖ new failure {5}build\[debian-12\]\n {4}it is failed\n/);
  t.match(text, /fix\.patch breaks 1 of 2\.\n$/);
});

t.test("the first bad patch of a series is named, though later ones fail too", async (t) => {
  const cells = outcome({
    base: "passed",
    "patch-1": "passed",
    "patch-2": "failed",
    "patch-3": "failed",
  });
  const names = variantNames(3, true);
  t.same(firstBad(compareCells(cells), names), { variant: "patch-2" });
  const variants = names.map((name, at) => ({ name, title: `change ${at + 1}`, patches: [] }));
  t.match(renderCheck(cells, variants), /The first bad patch is 2 of 3: change 2\n$/);
  const unseen = outcome({ base: "passed", "patch-1": "error", "patch-2": "failed" });
  t.match(
    renderCheck(unseen, variants.slice(0, 2)),
    /The first bad patch is 2 of 2 at the latest: change 2; 1 could not be seen\.\n$/,
  );
});

t.test("what a build tried is told beside a verdict that is good", async (t) => {
  const [build] = buildCells(
    [{ name: "debian-12" }],
    [{ name: "patched", title: "fix.patch" }],
    "libvirt",
  );
  const comments = ["the build is not to be trusted: it tries to reach the network"];
  const cells = [{ ...ended(build!, "passed"), comments }];
  const text = renderCheck(cells, [{ name: "patched", title: "fix.patch", patches: [] }]);
  t.match(text, /it tries to reach the network\n/);
  t.match(text, /Nothing breaks\.\nA build tried something that it may not: read the patch\.\n$/);
});
