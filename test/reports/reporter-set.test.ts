import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { reduce } from "../../harness/events/reduce.ts";
import type { ReporterDefinition } from "../../reports/reporter.ts";
import { ReporterSet } from "../../reports/reporter-set.ts";
import { MIXED, PASSING } from "../events/fixtures/streams.ts";
import { openReporters, report } from "./fixtures/run.ts";
import { Screen } from "./fixtures/terminal.ts";

t.test("all reporters at once, each in its place", async (t) => {
  const cwd = t.testdir({ run: {} });
  const place = { cwd, runDir: "run" };
  const { errors, screen } = await report("line,junit,json=out/r.json,tap=t.tap", MIXED, place);
  t.strictSame(errors, []);
  t.match(screen.text, /^runs\/latest\/junit\.xml\nout\/r\.json\nt\.tap\n/m);
  t.strictSame(readdirSync(join(cwd, "run")), ["junit.xml"]);
  const result: unknown = JSON.parse(readFileSync(join(cwd, "out/r.json"), "utf8"));
  t.strictSame(result, reduce(MIXED));
  t.match(readFileSync(join(cwd, "run/junit.xml"), "utf8"), "<testsuites");
  t.match(readFileSync(join(cwd, "t.tap"), "utf8"), /^TAP version 14\n/);
});

t.test("tap without a path goes to the terminal", async (t) => {
  const { screen } = await report("tap", PASSING);
  t.match(screen.text, /^TAP version 14\n/);
});

t.test("it is known whether anything will be seen on the terminal", async (t) => {
  for (const [spec, expected] of [
    ["list", true],
    ["tap", true],
    ["tap=x,json,junit", false],
  ] as const) {
    const { reporters } = await openReporters(spec);
    t.equal(reporters.printsToTerminal, expected, spec);
  }
});

t.test("a report that cannot be written does not stop the others", async (t) => {
  const cwd = t.testdir({ file: "" });
  const { errors } = await report("json=file/r.json,junit=j.xml", PASSING, { cwd });
  t.match(errors, [{ code: "REPORT_UNWRITABLE" }]);
  t.match(readFileSync(join(cwd, "j.xml"), "utf8"), "</testsuites>");
});

t.test("the terminal tells the exit code that an unwritable file makes", async (t) => {
  const cwd = t.testdir({ file: "" });
  const { reporters, screen, play } = await openReporters("line,json=file/r.json", { cwd });
  play(MIXED);
  await reporters.finish(reduce(MIXED), (result) => ({
    ...result,
    reason: "exit code 99: broken",
  }));
  t.match(screen.text, "exit code 99: broken");
});

t.test("a reporter that throws is left out and named; the run goes on", async (t) => {
  const seen: string[] = [];
  const definition = (name: string, fails: boolean): ReporterDefinition => ({
    name,
    summary: "",
    takesPath: "none",
    create: () => ({
      printsToTerminal: false,
      onEvent({ type }) {
        seen.push(`${name} ${type}`);
        if (fails) throw new Error("out of paper");
      },
      finish() {
        seen.push(`${name} finish`);
      },
    }),
  });
  const set = await ReporterSet.create(
    [{ definition: definition("bad", true) }, { definition: definition("good", false) }],
    { runDir: "/nowhere", shownDir: "x", cwd: "/nowhere", stdout: new Screen(), env: {} },
  );
  for (const event of PASSING.slice(0, 2)) set.onEvent(event);
  const errors = await set.finish(reduce(PASSING));
  t.match(errors, [{ code: "REPORTER_FAILED", message: /bad fails: out of paper/ }]);
  t.strictSame(seen, ["bad run-started", "good run-started", "good planned", "good finish"]);
});
