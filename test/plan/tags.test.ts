import fc from "fast-check";
import t from "tap";
import { parseTags } from "../../harness/plan/tags.ts";

const KNOWN = ["pv", "hvm", "slow", "smoke", "guest:pvh"];

t.test("operators, precedence and synonyms", async (t) => {
  for (const [expression, tags, expected] of [
    ["pv", ["pv"], true],
    ["!pv", ["pv"], false],
    ["!!pv", ["pv"], true],
    ["pv && !slow", ["pv"], true],
    ["pv && !slow", ["pv", "slow"], false],
    ["pv || hvm && slow", ["pv"], true],
    ["(pv || hvm) && slow", ["pv"], false],
    ["pv && !slow || (hvm, smoke)", ["smoke"], true],
    ["pv, hvm && slow", ["pv"], true],
    ["guest:pvh", ["guest:pvh"], true],
    ["pv&&!slow", ["pv"], true],
  ] as const) {
    t.equal(parseTags(expression, KNOWN)(tags), expected, `${expression} on ${tags.join(" ")}`);
  }
});

t.test("agrees with JavaScript on every expression", async (t) => {
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("pv", "hvm", "slow"),
      tie("tree").map((inner) => `!(${inner})`),
      fc
        .tuple(tie("tree"), fc.constantFrom("&&", "||"), tie("tree"))
        .map(([left, operator, right]) => `(${left}) ${operator} ${right}`),
    ),
  }));
  fc.assert(
    fc.property(tree, fc.subarray(["pv", "hvm", "slow"]), (expression, tags) => {
      const code = expression.replace(/pv|hvm|slow/g, (tag) => String(tags.includes(tag)));
      return parseTags(expression, KNOWN)(tags) === Function(`return ${code}`)();
    }),
  );
  t.pass("no counterexample");
});

t.test("what is wrong is named with its column", async (t) => {
  for (const [expression, column, expected] of [
    ["", 1, "a tag"],
    ["pv &&", 6, "a tag"],
    ["pv hvm", 4, '"&&", "||" or the end'],
    ["(pv", 4, '")"'],
    ["pv & hvm", 4, '"&&", "||" or the end'],
    ["&& pv", 1, "a tag"],
  ] as const) {
    t.throws(() => parseTags(expression, KNOWN), {
      code: "TAG_EXPRESSION_INVALID",
      message: `the tag expression "${expression}" expects ${expected} at column ${column}`,
    });
  }
});

t.test("an unknown tag is an error with the nearest one", async (t) => {
  t.throws(() => parseTags("pv && smok", KNOWN), { code: "TAG_UNKNOWN", message: /"smoke"/ });
  t.throws(() => parseTags("!xyzzy", KNOWN), { code: "TAG_UNKNOWN", hint: /pv, hvm, slow/ });
});
