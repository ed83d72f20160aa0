import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { MIXED } from "../../events/fixtures/streams.ts";
import { report } from "../fixtures/run.ts";

t.test("in a job: the summary, annotations, and no command from what is printed", async (t) => {
  const cwd = t.testdir();
  const summary = join(cwd, "step.md");
  const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary };
  const place = { env, cwd, runDir: cwd };
  const { screen, errors } = await report("line,github", MIXED, place);
  t.strictSame(errors, []);
  const lines = screen.text.split("\n");
  const [, token = ""] = /^::stop-commands::([0-9a-f-]{36})$/m.exec(screen.text) ?? [];
  t.ok(lines.indexOf(`::stop-commands::${token}`) < 3, "before any text of the run's");
  const open = lines.indexOf(`::${token}::`);
  t.ok(open > 5, "after everything else");
  t.match(lines[open + 1], /^::error title=.*::.*pv-boot\[debian-12\]/);
  t.match(readFileSync(summary, "utf8"), /^## ✖ xenloop: /);
  t.equal(
    readFileSync(join(cwd, "summary.md"), "utf8").trim(),
    readFileSync(summary, "utf8").trim(),
  );
});

t.test("elsewhere: the file, and nothing on the terminal", async (t) => {
  const cwd = t.testdir();
  const { screen } = await report("github", MIXED, { cwd, runDir: cwd });
  t.equal(screen.text, "");
  t.ok(existsSync(join(cwd, "summary.md")));
});

t.test("a summary that others filled up stays as it is", async (t) => {
  const cwd = t.testdir({ "step.md": "x".repeat(1024 * 1024 - 10) });
  const env = { GITHUB_STEP_SUMMARY: join(cwd, "step.md") };
  await report("github", MIXED, { cwd, runDir: cwd, env });
  t.equal(readFileSync(join(cwd, "step.md"), "utf8").length, 1024 * 1024 - 10);
});
