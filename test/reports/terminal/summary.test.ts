import t from "tap";
import { reduce } from "../../../harness/events/reduce.ts";
import type { RunEvent } from "../../../harness/events/schema.ts";
import type { AttemptStatus } from "../../../harness/events/status.ts";
import { summary } from "../../../reports/terminal/summary.ts";
import { checkedRun } from "../fixtures/checked.ts";

/** The line of counts. */
function counts(events: readonly RunEvent[]): string | undefined {
  return summary(reduce(events), [], (_format, text) => text)[1];
}

t.test("what fails without the patch is counted for itself", async (t) => {
  const cases: [base: AttemptStatus, patched: AttemptStatus, told: string][] = [
    ["failed", "passed", "2 passed, 0 failed, 1 failed without the patch  1.0s"],
    ["timedout", "failed", "1 passed, 1 failed, 1 failed without the patch  1.0s"],
    ["passed", "failed", "2 passed, 1 failed  1.0s"],
    ["error", "passed", "2 passed, 0 failed, 1 error  1.0s"],
  ];
  for (const [base, patched, told] of cases) {
    t.equal(counts(checkedRun({ "pv-boot": { base, patched } })), told, `${base} → ${patched}`);
  }
});

t.test("a check that was recorded before is told as it was", async (t) => {
  const events = checkedRun({ "pv-boot": { base: "failed", patched: "passed" } });
  const old = events.filter(({ type }) => type !== "compared");
  t.equal(counts(old), "2 passed, 1 failed  1.0s");
});
