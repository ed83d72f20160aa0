import { readdirSync } from "node:fs";
import t from "tap";
import { loadReporters, parseReporterSpec, targetOf } from "../../reports/registry.ts";

const known = await loadReporters();
const parse = (text: string) =>
  parseReporterSpec(text, known).map(({ definition, path }) => [definition.name, path]);

t.test("each file in reports/reporters is a reporter of its name", async (t) => {
  const files = readdirSync(new URL("../../reports/reporters/", import.meta.url));
  t.strictSame(
    known.map(({ name }) => `${name}.ts`),
    files.sort(),
  );
  for (const { name, summary } of known) t.match(summary, /\w/, `${name} has a line for --help`);
});

t.test("several reporters, with and without paths", async (t) => {
  t.strictSame(parse("list"), [["list", undefined]]);
  t.strictSame(parse("list,junit=out/j.xml, json"), [
    ["list", undefined],
    ["junit", "out/j.xml"],
    ["json", undefined],
  ]);
  t.strictSame(parse("json=a=b.json"), [["json", "a=b.json"]]);
  t.strictSame(parse("list,tap=out.tap"), [
    ["list", undefined],
    ["tap", "out.tap"],
  ]);
});

for (const [text, code, message, hint] of [
  ["junt", "UNKNOWN_REPORTER", /no reporter "junt"/, "--reporter junit"],
  ["list,JSON=x", "UNKNOWN_REPORTER", /"JSON"/, "--reporter json"],
  [
    "html5",
    "UNKNOWN_REPORTER",
    /there are github, html, json, junit, line, list, tap/,
    /--reporter html/,
  ],
  ["", "UNKNOWN_REPORTER", /no reporter ""/, /./],
  ["list,", "UNKNOWN_REPORTER", /no reporter ""/, /./],
  ["junit=", "REPORTER_PATH_MISSING", /junit is given no path/, "--reporter junit=PATH"],
  ["list=x", "REPORTER_TAKES_NO_PATH", /list writes to the terminal/, "--reporter list"],
  ["list,line", "REPORTER_CONFLICT", /list and line both write to the terminal/, /./],
  ["line,tap", "REPORTER_CONFLICT", /line and tap/, /another path/],
  ["json=a,junit=./a", "REPORTER_CONFLICT", /json and junit both write to .\/a/, /./],
  ["junit,junit", "REPORTER_CONFLICT", /junit and junit/, /./],
] as const) {
  t.test(`refused: ${JSON.stringify(text)}`, async (t) => {
    t.throws(() => parse(text), { code, kind: "usage", message, hint });
  });
}

t.test("a reporter that must have a path says so", async (t) => {
  const strict = { ...known[0]!, name: "strict", takesPath: "required" as const };
  t.throws(() => parseReporterSpec("strict", [strict]), { code: "REPORTER_PATH_MISSING" });
});

t.test("typed paths are relative to where the user is, default ones to the run", async (t) => {
  const place = { runDir: "runs/1", cwd: "/home/u" };
  const targets = parseReporterSpec("list,junit,json=out/r.json", known).map((choice) =>
    targetOf(choice, place),
  );
  t.strictSame(targets, [undefined, "/home/u/runs/1/junit.xml", "/home/u/out/r.json"]);
});
