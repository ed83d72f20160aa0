import t from "tap";
import { countTap } from "../../harness/cli/testing/tap-count.ts";

const counts = (...lines: string[]) => countTap(`${lines.join("\n")}\n`);

t.test("subtests count by what is in them", async (t) => {
  const count = counts(
    "TAP version 14",
    "# Subtest: a",
    "    ok 1 - x",
    "    ok 2 - y # SKIP not here",
    "    1..2",
    "ok 1 - a",
    "ok 2 - z",
    "not ok 3 - later # todo",
    "1..3",
  );
  t.strictSame(count, { passed: 2, failed: 0, skipped: 2, failures: [] });
});

t.test("failures come with their path and what tap said", async (t) => {
  const { failed, failures } = counts(
    "# Subtest: a",
    "    not ok 1 - x",
    "      ---",
    "      diff: none",
    "      ...",
    "    1..1",
    "not ok 1 - a",
    "1..1",
  );
  t.equal(failed, 1, "the subtest's own line is not counted again");
  t.strictSame(failures, [{ name: "a > x", detail: { diff: "none" } }]);
});

t.test("a file that is broken without a failing leaf says so", async (t) => {
  const broken = (...lines: string[]) => counts(...lines).broken?.detail["problem"];
  t.match(broken("1..2", "ok 1 - x"), "incorrect number of tests");
  t.match(broken("ok 1 - x"), "no plan");
  t.match(broken("Bail out! gone"), /./);
  const empty = counts("# Subtest: a", "    1..1", "not ok 1 - a", "1..1");
  t.match(empty, { failed: 0, broken: { name: /a/ } });
  t.equal(counts("1..1", "not ok 1 - x").broken, undefined, "a failing leaf is reason enough");
});
