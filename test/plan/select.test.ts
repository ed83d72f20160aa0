import t from "tap";
import { select, tagsOf, type Selection } from "../../harness/plan/select.ts";
import type { Scenario } from "../../harness/plan/scenario-registry.ts";
import { scenario } from "./make.ts";

const ALL: Scenario[] = [
  scenario("hvm-boot", { title: "An HVM guest boots", tags: ["hvm", "smoke"] }),
  scenario("pv-boot", { title: "A PV guest boots", tags: ["pv", "smoke"] }),
  scenario("pv-boot-many", { title: "Twenty PV guests boot", tags: ["pv", "slow"] }),
];
const ids = (selection: Selection) => select(ALL, selection).scenarios.map(({ meta }) => meta.id);

t.test("names, parts of names, expressions", async (t) => {
  t.strictSame(ids({}), ["hvm-boot", "pv-boot", "pv-boot-many"], "all");
  t.strictSame(ids({ names: ["pv-boot"] }), ["pv-boot"], "an exact name means itself alone");
  t.strictSame(ids({ names: ["pv-"] }), ["pv-boot", "pv-boot-many"], "part of names");
  t.strictSame(ids({ names: ["many", "hvm"] }), ["hvm-boot", "pv-boot-many"], "in usual order");
  t.strictSame(ids({ grep: "^pv.*twenty" }), ["pv-boot-many"], "grep sees name and title");
  t.strictSame(ids({ tags: "pv && !slow" }), ["pv-boot"]);
  t.strictSame(ids({ names: ["boot"], tags: "smoke", grep: "hvm" }), ["hvm-boot"], "all must fit");
  t.strictSame(ids({ tags: "future", declaredTags: ["future"] }), [], "a declared tag is known");
});

t.test("ids of cells", async (t) => {
  const { scenarios, wants } = select(ALL, { names: ["pv-boot[debian-12]", "hvm-boot"] });
  t.strictSame(
    scenarios.map(({ meta }) => meta.id),
    ["hvm-boot", "pv-boot"],
  );
  t.ok(wants({ scenario: "pv-boot", host: "debian-12", axes: {} }));
  t.notOk(wants({ scenario: "pv-boot", host: "debian-13", axes: {} }), "another host's cell");
  t.ok(wants({ scenario: "hvm-boot", host: "debian-13", axes: {} }), "a whole scenario");
});

t.test("mistakes", async (t) => {
  t.throws(() => ids({ names: ["pv-bot"] }), {
    code: "SCENARIO_UNKNOWN",
    message: `no scenario's name is or holds "pv-bot"; did you mean "pv-boot"?`,
  });
  t.throws(() => ids({ names: [""] }), { code: "SCENARIO_UNKNOWN" }, "empty is not everything");
  t.throws(
    () => ids({ names: ["boot[debian-12]"] }),
    { code: "SCENARIO_UNKNOWN" },
    "no parts in ids",
  );
  t.throws(() => ids({ names: ["pv-boot[debian-12"] }), { code: "CELL_ID_INVALID" });
  t.throws(() => ids({ grep: "(" }), { code: "GREP_INVALID" });
  t.throws(() => ids({ tags: "vp" }), { code: "TAG_UNKNOWN", message: /"pv"/ });
});

t.test("tags", async (t) => {
  t.strictSame(tagsOf(ALL, ["arm"]), ["arm", "hvm", "pv", "slow", "smoke"]);
});
