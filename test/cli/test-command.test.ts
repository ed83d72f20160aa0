import t from "tap";
import { ROOT, xenloop } from "./run-xenloop.ts";

const run = (...names: string[]) =>
  xenloop(["test", ...names.map((name) => `test/cli/fixtures/${name}.ts`)], { cwd: ROOT });

t.test("counts leaf assertions and shows what failed", async (t) => {
  const { exitCode, stdout } = await run("mixed");
  t.equal(exitCode, 1);
  t.match(stdout, /^✖ test\/cli\/fixtures\/mixed\.ts \(2 passed, 1 failed, 2 skipped\)/m);
  t.match(stdout, /✖ outer > inner > one is two\n[^]*-2\n +\+1/);
  t.match(stdout, "→ ./xenloop test test/cli/fixtures/mixed.ts");
  t.equal(stdout.split("\n").at(-1), "2 passed, 1 failed, 2 skipped");
});

t.test("a file that dies, and one that asserts nothing, have failed", async (t) => {
  const { exitCode, stdout } = await run("dies", "silent");
  t.equal(exitCode, 1);
  t.match(stdout, /dies\.ts \(1 passed, 1 failed\)[^]*is killed by SIGKILL: the last words/);
  t.match(stdout, "it makes no assertion");
  t.match(stdout, /^1 passed, 2 failed, 0 skipped$/m);
});

t.test("a file that is not there is a mistake of the command line", async (t) => {
  t.match(await run("nope"), { exitCode: 64, stdout: "", stderr: /no file .*nope\.ts/ });
});

t.test("a folder stands for the tests in it", async (t) => {
  const { exitCode, stdout } = await xenloop(["test", "test/known"], { cwd: ROOT });
  t.equal(exitCode, 0);
  t.match(stdout, /^✔ test\/known\/\S+\.test\.ts/m);
});
