import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import t from "tap";
import { ToolFailed, ToolMissing, ToolTimeout } from "../../harness/base/process-errors.ts";
import { isSameProcess, processStartTime } from "../../harness/base/process-identity.ts";
import { runTool } from "../../harness/base/process.ts";
import { fixture } from "../fixtures/machine/tiny.ts";

/** Resolves when a process is gone; the test's own deadline ends a wait in vain. */
async function gone(pid: number, startTime: number): Promise<void> {
  while (isSameProcess(pid, startTime)) await delay(10);
}

t.test("gives both streams and the exit code", async (t) => {
  const result = await runTool(["sh", "-c", "echo out; echo err >&2; exit 3"], {
    acceptExitCodes: [0, 3],
  });
  t.match(result, { stdout: "out", stderr: "err", exitCode: 3 });
  t.ok(result.ms > 0);
});

t.test("passes input, environment and directory", async (t) => {
  const cwd = t.testdir();
  const script = 'cat; echo "$GREETING $LC_ALL ${HOME-none}"; pwd';
  const options = { cwd, env: { GREETING: "hello", HOME: undefined } };
  const expected = `in\nhello C.UTF-8 none\n${cwd}`;
  for (const input of ["in\n", Buffer.from("in\n"), Readable.from(["in\n"])]) {
    const { stdout } = await runTool(["sh", "-c", script], { ...options, input });
    t.equal(stdout, expected);
  }
});

t.test("reads nothing when there is no input", async (t) => {
  t.equal((await runTool(["cat"], { timeoutMs: 5000 })).stdout, "");
});

t.test("writes standard output to a file", async (t) => {
  const file = join(t.testdir({ out: "what was there before, and longer" }), "out");
  const { stdout } = await runTool(["printf", "a\\0b"], { stdoutFile: file });
  t.equal(stdout, "");
  t.same(readFileSync(file), Buffer.from("a\0b"));
});

t.test("names the package of a missing program", async (t) => {
  const missing = runTool(["mmdebstrap"], { env: { PATH: t.testdir() } });
  await t.rejects(missing, new ToolMissing("mmdebstrap"));
  await t.rejects(missing, { code: "TOOL_MISSING", hint: "sudo apt-get install mmdebstrap" });
  await t.rejects(runTool(["no-such-program"]), {
    code: "TOOL_MISSING",
    hint: /add its directory to PATH/,
  });
});

t.test("a failure tells argv, status and the last words", async (t) => {
  const script = "for i in 1 2 3 4 5 6 7; do echo line $i >&2; done; exit 9";
  const error = await runTool(["sh", "-c", script]).catch((caught: unknown) => caught);
  t.ok(error instanceof ToolFailed);
  t.match(error, {
    message: "sh exits with status 9: line 3 | line 4 | line 5 | line 6 | line 7",
    argv: ["sh", "-c", script],
    exit: { code: 9, signal: undefined },
    hint: `Run it by hand: sh -c '${script}'`,
  });
});

t.test("a death by signal is a failure", async (t) => {
  const error = await runTool(["sh", "-c", "kill -SEGV $$"]).catch((caught: unknown) => caught);
  t.match(error, { code: "TOOL_FAILED", message: "sh is killed by SIGSEGV." });
});

t.test("a directory that is not there is a failure, not a missing program", async (t) => {
  await t.rejects(runTool(["true"], { cwd: join(t.testdir(), "none") }), { code: "TOOL_FAILED" });
});

t.test("past the deadline the whole group dies", async (t) => {
  const started = Date.now();
  const pidFile = join(t.testdir(), "pid");
  const script = `echo waiting >&2; sleep 600 & echo $! > ${pidFile}; wait`;
  const error = await runTool(["sh", "-c", script], { timeoutMs: 300 }).catch((e: unknown) => e);
  t.ok(error instanceof ToolTimeout);
  t.match(error, { message: /sh does not end within 0.3 s and is killed.*waiting/ });
  t.ok(Date.now() - started < 2000, "does not wait for the grandchild");
  const grandchild = Number(readFileSync(pidFile, "utf8"));
  await gone(grandchild, processStartTime(grandchild) ?? 0);
});

t.test("who ignores SIGTERM, or leaves the group with our pipe, holds nobody up", async (t) => {
  const pidFile = join(t.testdir(), "pid");
  const stubborn = `trap "" TERM; setsid sleep 600 & echo $! > ${pidFile}; sleep 600`;
  await t.rejects(runTool(["sh", "-c", stubborn], { timeoutMs: 200 }), { code: "TOOL_TIMEOUT" });
  process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
});

t.test("an abort kills it and rejects with the reason", async (t) => {
  const controller = new AbortController();
  const running = runTool(["sleep", "600"], { signal: controller.signal });
  controller.abort(new Error("the user has had enough"));
  await t.rejects(running, { message: "the user has had enough" });
  await t.rejects(runTool(["true"], { signal: controller.signal }), { message: /had enough/ });
});

t.test("no child outlives its parent", async (t) => {
  const run = promisify(execFile);
  for (const how of ["killed", "throws"]) {
    const log = join(t.testdir(), "log");
    const argv = ["--import", "tsx", fixture("dying-parent.ts"), how, log];
    const parent = await run(process.execPath, argv).catch((error: { stdout: string }) => error);
    const [pid = 0, startTime = 0] = parent.stdout.trim().split(" ").map(Number);
    t.ok(pid > 1 && startTime > 0, `the daemon of a parent that is ${how} was started`);
    await gone(pid, startTime);
  }
});

t.test("a result is not lost when output is large", async (t) => {
  const file = join(t.testdir(), "large");
  writeFileSync(file, "x".repeat(5_000_000));
  t.equal((await runTool(["cat", file])).stdout.length, 5_000_000);
});
