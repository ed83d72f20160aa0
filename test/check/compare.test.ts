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
    ["failed", "failed", "fails as before", 0],
    ["passed", "error", "undecided", 2],
    ["error", "passed", "undecided", 2],
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
  t.equal(firstBad(compareCells(cells), names), "patch-2");
  const variants = names.map((name, at) => ({ name, title: `change ${at + 1}`, patches: [] }));
  t.match(renderCheck(cells, variants), /The first bad patch is 2 of 3: change 2\n$/);
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
