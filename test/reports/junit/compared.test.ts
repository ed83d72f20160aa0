import t from "tap";
import { reduce } from "../../../harness/events/reduce.ts";
import type { AttemptStatus } from "../../../harness/events/status.ts";
import { junitXml } from "../../../reports/junit/document.ts";
import { checkedRun } from "../fixtures/checked.ts";
import { openJunitSchema } from "../fixtures/junit-schema.ts";

const schema = openJunitSchema();
t.teardown(() => schema.dispose());

/** What a reader of the report counts, and why it says that cells were left out. */
function read(base: AttemptStatus, patched: AttemptStatus, isOld = false) {
  const events = checkedRun({ "pv-boot": { base, patched } });
  const told = isOld ? events.filter(({ type }) => type !== "compared") : events;
  const xml = junitXml(reduce(told));
  schema.check(xml);
  const [, failures, errors, skipped] =
    /<testsuites tests="3" failures="(\d)" errors="(\d)" skipped="(\d)">/.exec(xml) ?? [];
  const valuesOf = (name: string) =>
    [...xml.matchAll(new RegExp(`name="${name}" value="([^"]*)"`, "g"))].map(([, value]) => value);
  return { counts: [failures, errors, skipped].join(" "), valuesOf };
}

t.test("only what the patch breaks is a failure", async (t) => {
  const cases: [base: AttemptStatus, patched: AttemptStatus, counts: string][] = [
    ["failed", "passed", "0 0 1"],
    ["timedout", "passed", "0 0 1"],
    ["failed", "failed", "0 0 2"],
    ["passed", "failed", "1 0 0"],
    ["passed", "passed", "0 0 0"],
    ["error", "passed", "0 1 0"],
    ["failed", "error", "0 1 1"],
    ["error", "failed", "0 2 0"],
    ["error", "timedout", "0 2 0"],
  ];
  for (const [base, patched, counts] of cases) {
    t.equal(read(base, patched).counts, counts, `${base} → ${patched}`);
  }
});

t.test("what is left out says why, and each patched cell what the patch did", async (t) => {
  const { valuesOf } = read("failed", "failed");
  t.strictSame(valuesOf("skip.reason"), [
    "fails as before: the guest of pv-boot does not speak",
    "fails without the patch: the guest of pv-boot does not speak",
  ]);
  t.strictSame(valuesOf("check.effect"), ["unchanged", "fails as before"]);
  t.strictSame(valuesOf("check.base"), ["failed"]);
});

t.test("a check that was recorded before is told as it was", async (t) => {
  t.equal(read("failed", "failed", true).counts, "2 0 0");
});
