import fc from "fast-check";
import t from "tap";
import { bodies } from "../../../reports/github/body.ts";
import { fenced, inert } from "../../../reports/github/markdown.ts";
import { HOSTILE, hostileRun } from "../html/hostile.ts";

/** Nothing that means anything to Markdown or HTML, and nothing that GitHub looks for. */
function isInert(text: string): boolean {
  const isPlain = /^(?:[^!"#$&()*+:<>@[\\\]^_`{|}~\n\r\u2028\u2029]|&#\d+;)*$/.test(text);
  const shown = text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  const finds = /@\w|#\d|GH-\d|:\/\/|www\.\w|[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/i;
  return isPlain && !finds.test(shown);
}

t.test("text of any origin does nothing", async (t) => {
  for (const text of HOSTILE) t.ok(isInert(inert(text)), inert(text));
  const parts = fc.constantFrom(
    ...HOSTILE,
    ..."`*_[]()<>#@|\\!&;:/~-=+\n\r\t ".split(""),
    "@a/b",
    "GH-1",
    "\u001b[31m",
    "&#64;a",
    "www.a.b",
    "\u2028",
  );
  const texts = fc.oneof(
    fc.array(parts, { maxLength: 12 }).map((all) => all.join("")),
    fc.string({ unit: "binary", maxLength: 200 }),
  );
  fc.assert(
    fc.property(texts, (text) => isInert(inert(text))),
    { numRuns: 200 },
  );
});

t.test("what it shows is what it was given", async (t) => {
  const shown = inert("libxl: error (a_b) *c* <d> & | `e`", 100).replace(/&#(\d+);/g, (_, code) =>
    String.fromCharCode(Number(code)),
  );
  t.equal(shown, "libxl: error (a_b) *c* <d> & | `e`");
});

t.test("no line ends its block", async () => {
  const lines = fc.array(
    fc.oneof(fc.constantFrom("```", "~~~", "`````", "</details>", "\n```\n"), fc.string()),
  );
  fc.assert(
    fc.property(lines, (given) => {
      const [open = "", ...rest] = fenced(given).split("\n");
      const fence = /^`+/.exec(open)?.[0] ?? "";
      const close = rest.pop();
      return close === fence && rest.every((line) => !line.includes(fence));
    }),
    { numRuns: 200 },
  );
});

for (const [at, text] of HOSTILE.entries()) {
  t.test(`a whole run of hostile text ${at}`, async (t) => {
    const links = { run: "https://github.com/o/r/actions/runs/1" };
    for (const body of bodies(hostileRun(text), links)) {
      const outside = body.replace(/^(`{3,}).*\n[\s\S]*?\n\1$/gm, "");
      const allowed =
        /<\/?(?:code|details|summary)>|<br>|\[log\]\(https:\/\/github\.com\/o\/r\/actions\/runs\/1\)/g;
      const bare = outside.replace(allowed, "").replace(/&#\d+;/g, "");
      t.notMatch(bare, /[<>[\]@`!\\]|:\/\//, "only our own markup");
    }
  });
}

t.test("five megabytes cost no time and no room", async (t) => {
  const huge = "@x`<b>".repeat(900_000);
  const started = performance.now();
  const all = bodies(hostileRun(huge, [huge]), {});
  t.ok(performance.now() - started < 10_000);
  t.ok(
    all.every(({ length }) => length < 65_000),
    String(all.map(({ length }) => length)),
  );
});
