import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import t from "tap";
import {
  isSameProcess,
  killByIdentity,
  processStartTime,
} from "../../harness/base/process-identity.ts";

const NO_SUCH_PID = 2 ** 30;

function startTimeOf(pid: number): number {
  const startTime = processStartTime(pid);
  if (startTime === undefined) throw new Error(`process ${pid} is not running`);
  return startTime;
}

t.test("a process has one start time", async (t) => {
  const own = startTimeOf(process.pid);
  t.ok(own > 0);
  t.equal(processStartTime(process.pid), own);
  t.ok(isSameProcess(process.pid, own));
  t.notOk(isSameProcess(process.pid, own - 1), "an earlier holder of the pid is another one");
  t.equal(processStartTime(NO_SUCH_PID), undefined);
});

t.test("a name with brackets and blanks does not confuse it", async (t) => {
  const child = spawn("sh", ["-c", "echo 'a) R 1 (b' > /proc/$$/comm; echo; read x"]);
  t.teardown(() => child.kill());
  await once(child.stdout, "data");
  t.ok(startTimeOf(child.pid ?? 0) >= startTimeOf(process.pid));
});

t.test("kills a process with its group, once", async (t) => {
  const child = spawn("sh", ["-c", "sleep 600 & echo $!; wait"], { detached: true });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const pid = child.pid ?? 0;
  const grandchild = Number(line.toString());
  const times = [startTimeOf(pid), startTimeOf(grandchild)] as const;
  const exited = once(child, "exit");
  t.equal(await killByIdentity(pid, times[0] + 1), false, "not a later process of that number");
  t.equal(await killByIdentity(pid, times[0]), true);
  t.same(await exited, [null, "SIGTERM"]);
  while (isSameProcess(grandchild, times[1])) await delay(5);
  t.equal(await killByIdentity(pid, times[0]), false, "it is gone");
});

t.test("SIGKILL follows after the grace", async (t) => {
  const child = spawn("sh", ["-c", 'trap "" TERM; echo ready; while :; do sleep 1; done']);
  await once(child.stdout, "data");
  const pid = child.pid ?? 0;
  const exited = once(child, "exit");
  await killByIdentity(pid, startTimeOf(pid), { graceMs: 100 });
  t.same(await exited, [null, "SIGKILL"]);
});
