import fc from "fast-check";
import t from "tap";
import { EXIT_CODES, exitCode, exitCodeOf, exitNameOf } from "../../harness/events/exit-code.ts";
import { CELL_STATUSES } from "../../harness/events/status.ts";

for (const [statuses, code] of [
  [["passed"], 0],
  [["passed", "skipped"], 0],
  [["flaky"], 0],
  [["flaky", "skipped"], 0],
  [["flaky", "error"], 2],
  [["passed", "failed"], 1],
  [["timedout"], 1],
  [["error", "failed"], 1],
  [["error", "timedout", "passed"], 1],
  [["passed", "error"], 2],
  [["error", "skipped"], 2],
  [[], 3],
  [["skipped", "skipped"], 4],
  [["interrupted"], 130],
  [["failed", "interrupted", "error", "passed"], 130],
] as const) {
  t.test(`${statuses.join(" + ") || "no cell"} → ${code}`, async (t) => {
    t.equal(exitCodeOf(statuses), code);
  });
}

t.test("the table has each code and each name once", async (t) => {
  t.strictSame(
    EXIT_CODES.map(({ code }) => code),
    [0, 1, 2, 3, 4, 64, 130],
  );
  t.equal(new Set(EXIT_CODES.map(({ name }) => name)).size, EXIT_CODES.length);
  t.equal(exitCode("usage"), 64);
});

t.test("the order of the cells does not matter", async () => {
  const statuses = fc.array(fc.constantFrom(...CELL_STATUSES), { maxLength: 6 });
  fc.assert(fc.property(statuses, (list) => exitNameOf(list) === exitNameOf([...list].reverse())));
});
