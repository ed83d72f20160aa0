import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import t from "tap";
import { isSameProcess, processStartTime } from "../../harness/base/process-identity.ts";
import { startDaemon } from "../../harness/base/process.ts";

t.test("logs both streams and tells how it ended", async (t) => {
  const logFile = join(t.testdir({ log: "before\n" }), "log");
  const daemon = await startDaemon(["sh", "-c", "echo out; echo err >&2; exit 7"], { logFile });
  t.same(await daemon.exited, { code: 7, signal: undefined });
  t.equal(readFileSync(logFile, "utf8"), "before\nout\nerr\n");
  t.same(await daemon.terminate(), { code: 7, signal: undefined }, "may be called afterwards");
});

t.test("is known by pid and start time", async (t) => {
  const daemon = await startDaemon(["sleep", "600"], { logFile: join(t.testdir(), "log") });
  t.equal(daemon.startTime, processStartTime(daemon.pid));
  t.ok(isSameProcess(daemon.pid, daemon.startTime));
  t.same(await daemon.terminate(), { code: undefined, signal: "SIGTERM" });
  t.notOk(isSameProcess(daemon.pid, daemon.startTime));
});

t.test("finds files open for reading", async (t) => {
  const directory = t.testdir({ input: "from a file\n" });
  const [logFile, input] = [join(directory, "log"), join(directory, "input")];
  const daemon = await startDaemon(["sh", "-c", "cat <&3"], { logFile, files: [input] });
  t.match(await daemon.exited, { code: 0 });
  t.equal(readFileSync(logFile, "utf8"), "from a file\n");
});

t.test("SIGKILL follows after the grace", async (t) => {
  const logFile = join(t.testdir(), "log");
  const script = 'trap "" TERM; echo ready; while :; do sleep 1; done';
  const daemon = await startDaemon(["sh", "-c", script], { logFile });
  while (!readFileSync(logFile, "utf8").includes("ready")) await delay(5);
  t.same(await daemon.terminate(100), { code: undefined, signal: "SIGKILL" });
});

t.test("takes its group along, however it ends", async (t) => {
  const logFile = join(t.testdir(), "log");
  const daemon = await startDaemon(["sh", "-c", "sleep 600 & echo $!"], { logFile });
  t.match(await daemon.exited, { code: 0 });
  const straggler = Number(readFileSync(logFile, "utf8"));
  const startTime = processStartTime(straggler) ?? 0;
  while (isSameProcess(straggler, startTime)) await delay(5);
});

t.test("a missing program is named", async (t) => {
  const logFile = join(t.testdir(), "log");
  await t.rejects(startDaemon(["/nowhere/qemu-system-x86_64"], { logFile }), {
    code: "TOOL_MISSING",
    hint: "sudo apt-get install qemu-system-x86",
  });
});
