import t from "tap";
import { EventsWithoutRun } from "../../harness/events/errors.ts";
import { reduce } from "../../harness/events/reduce.ts";
import type { RunResult } from "../../harness/events/result.ts";
import { MIXED, PASSING, planned, RUN_STARTED, stream } from "./fixtures/streams.ts";

const PV = "pv-boot[debian-12]";
const HVM = "hvm-boot[debian-12]";

function cellOf(result: RunResult, id: string) {
  const cell = result.cells.find((candidate) => candidate.id === id);
  if (!cell) throw new Error(`no cell ${id}`);
  return cell;
}

t.test("a run that passes", async (t) => {
  const result = reduce(PASSING);
  t.match(result, {
    version: 1,
    complete: true,
    exitCode: 0,
    counts: { passed: 2, failed: 0, error: 0, timedout: 0, skipped: 0, interrupted: 0 },
    run: { runId: "20260301-100000-a1b2", startedAt: "2026-03-01T10:00:00.000Z", ms: 101_000 },
  });
  t.notOk("seq" in result.run, "the envelope of the event stays behind");
  t.strictSame(result.preparations, [
    {
      scope: "image:debian-12",
      phase: "verify",
      at: 2000,
      ended: true,
      ms: 900,
      detail: "in the store",
    },
  ]);
  const cell = cellOf(result, PV);
  t.match(cell, { status: "passed", ms: 92_400, facts: { guest_type: "PV" }, excerpt: [] });
  t.equal(cell.attempts[0]?.startedAt, "2026-03-01T10:00:04.000Z");
  t.strictSame(cell.attempts[0]?.phases, [{ phase: "boot", at: 1000, ended: true, ms: 31_250 }]);
  t.match(cell.attempts[0]?.evidence, [{ kind: "serial" }]);
  t.match(cell.attempts[0]?.assertions, [{ ok: true, name: "the guest reports PV" }]);
});

t.test("each status is counted, and result.json survives a round trip", async (t) => {
  const result = reduce(MIXED);
  t.strictSame(result.counts, {
    passed: 0,
    flaky: 1,
    failed: 1,
    error: 1,
    timedout: 1,
    skipped: 1,
    interrupted: 0,
  });
  t.equal(result.next, "./xenloop shell debian-12");
  t.strictSame(result.warnings, ["the disk is 93 % full"]);
  t.strictSame(JSON.parse(JSON.stringify(result)), result);
});

t.test("a retry that passes makes a cell flaky; what it was a retry of is told", async (t) => {
  const cell = cellOf(reduce(MIXED), "disk[debian-12,format=raw]");
  t.equal(cell.status, "flaky");
  t.equal(cell.reason, "1 of 2 attempts did not pass: QEMU is killed by SIGKILL");
  t.notOk("code" in cell, "the code of the first attempt is not carried over");
  t.match(cell.attempts, [
    { attempt: 1, status: "error", code: "MACHINE_DIED" },
    { attempt: 2, status: "passed" },
  ]);
});

t.test("an excluded cell is skipped with its reason and has no attempts", async (t) => {
  t.match(cellOf(reduce(MIXED), "pvh-boot[debian-11]"), {
    status: "skipped",
    reason: "needs libvirt >=5.2, the host has 4.0",
    attempts: [],
  });
});

t.test("a stream cut off anywhere leaves no cell in doubt", async (t) => {
  for (let length = 2; length < PASSING.length; length++) {
    const result = reduce(PASSING.slice(0, length));
    t.equal(result.complete, false);
    t.equal(result.exitCode, 130, `after ${length} events`);
    const ended = PASSING.slice(0, length).filter(({ type }) => type === "cell-ended").length;
    t.equal(result.counts.passed, ended);
    t.equal(result.counts.interrupted, 2 - ended);
  }
});

t.test("a cell that was cut off says in which phase, and for how long it ran", async (t) => {
  const cut = PASSING.slice(0, 6);
  const cell = cellOf(reduce(cut), PV);
  t.match(cell, {
    status: "interrupted",
    reason: "the run ended before this cell did, during boot",
    ms: 1000,
  });
  t.strictSame(cell.attempts[0]?.phases, [{ phase: "boot", at: 1000, ended: false, ms: 0 }]);
  t.match(cellOf(reduce(cut), "hvm-boot[debian-12]"), {
    status: "interrupted",
    reason: "the run ended before this cell started",
  });
});

t.test("a retry that was cut off is interrupted, whatever the first attempt was", async (t) => {
  const cut = MIXED.slice(
    0,
    MIXED.findIndex((event) => "attempt" in event && event.attempt === 2) + 1,
  );
  const cell = cellOf(reduce(cut), "disk[debian-12,format=raw]");
  t.equal(cell.status, "interrupted");
  t.equal(cell.attempts[0]?.status, "error");
});

t.test("a phase that comes twice is listed twice; one without a start too", async (t) => {
  const result = reduce(
    stream(
      RUN_STARTED,
      ["planned", { cells: [planned("pv-boot", "debian-12")] }],
      ["phase-started", { scope: PV, phase: "boot" }],
      ["phase-ended", { scope: PV, phase: "boot", ms: 10 }],
      ["phase-started", { scope: PV, phase: "boot" }],
      ["phase-ended", { scope: PV, phase: "boot", ms: 20 }],
      ["phase-ended", { scope: PV, phase: "evidence", ms: 30 }],
    ),
  );
  t.match(result.cells[0]?.attempts[0]?.phases, [
    { phase: "boot", ms: 10 },
    { phase: "boot", ms: 20 },
    { phase: "evidence", ms: 30, ended: true },
  ]);
});

t.test("what a comparison of builds found is with the cells", async (t) => {
  const result = reduce([
    ...PASSING,
    ...stream(
      ["compared", { cell: HVM, role: "base" }],
      ["compared", { cell: PV, role: "patched", effect: "fixed", base: "failed" }],
    ),
  ]);
  t.strictSame(cellOf(result, HVM).comparison, { role: "base" });
  t.strictSame(cellOf(result, PV).comparison, {
    role: "patched",
    effect: "fixed",
    base: "failed",
  });
  t.notOk("comparison" in cellOf(reduce(PASSING), PV));
});

t.test("a cell that was never planned is shown all the same", async (t) => {
  const [cell] = reduce(
    stream(RUN_STARTED, [
      "cell-ended",
      { cell: "x[h,a=b]", attempt: 1, status: "failed", reason: "r", ms: 1 },
    ]),
  ).cells;
  t.match(cell, { id: "x[h,a=b]", scenario: "x", host: "h", status: "failed" });
});

t.test("reducing does not share state with later events", async (t) => {
  const before = reduce(PASSING);
  t.strictSame(reduce(PASSING), before);
});

t.test("events without a run have no result", async (t) => {
  t.throws(() => reduce([]), EventsWithoutRun);
});
