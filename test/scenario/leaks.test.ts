import t from "tap";
import { leakedBetween } from "../../harness/scenario/leaks.ts";

t.test("what was there before is no leak, in whatever order", (t) => {
  t.same(leakedBetween(["domain a", "domain b"], ["domain b", "domain a"]), []);
  t.same(leakedBetween(["domain a"], []), [], "nor is what went away");
  t.end();
});

t.test("a second one of the same is a leak", (t) => {
  const log = "descriptor of libvirtd /var/log/x";
  t.same(leakedBetween([log], [log, log, "domain a"]), [log, "domain a"]);
  t.end();
});
