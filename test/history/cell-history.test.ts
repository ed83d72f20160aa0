import t from "tap";
import { historyOfCells } from "../../harness/history/cell-history.ts";
import type { CellStatus } from "../../harness/events/status.ts";
import { record } from "./fixtures/record.ts";

const histories = (...statuses: CellStatus[]) =>
  historyOfCells(statuses.map((status, night) => record(night, { status }))).get("pv[debian-12]")!;

t.test("since when it is red, and when it was last good", async (t) => {
  t.match(histories("failed", "passed", "failed", "error", "timedout"), {
    runs: 5,
    firstBad: { run: "night-2", at: "2026-03-03T02:00:00.000Z", commit: "2".repeat(40) },
    lastGood: { run: "night-1", commit: "1".repeat(40) },
  });
});

t.test("a cell that is good is not red since anything; flaky is not red", async (t) => {
  for (const last of ["passed", "flaky"] as const) {
    const past = histories("failed", last);
    t.notOk(past.firstBad);
    t.match(past.lastGood, { run: "night-1" });
  }
});

t.test("a cell that never was good", async (t) => {
  const past = histories("failed", "failed");
  t.match(past.firstBad, { run: "night-0" });
  t.notOk(past.lastGood);
});

t.test("flakes: a retry that passed, or another outcome of the same", async (t) => {
  t.equal(histories("passed", "flaky", "flaky").flakes, 2);
  t.equal(histories("passed", "failed").flakes, 0, "other commits may differ");
  const same = (["passed", "failed", "passed", "passed"] as const).map((status, night) =>
    record(night, { status, commit: "a".repeat(40) }),
  );
  t.equal(historyOfCells(same).get("pv[debian-12]")?.flakes, 1);
  const other = same.map((each, at) => ({ ...each, lock: String(at) }));
  t.equal(historyOfCells(other).get("pv[debian-12]")?.flakes, 0, "other packages");
  const dirty = same.map((each) => ({ ...each, commit: `${each.commit}-dirty` }));
  t.equal(historyOfCells(dirty).get("pv[debian-12]")?.flakes, 0, "who knows what was changed");
});
