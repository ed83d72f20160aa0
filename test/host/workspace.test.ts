import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { isSameProcess, processStartTime } from "../../harness/base/process-identity.ts";
import { reapWorkspaces, Workspace } from "../../harness/host/workspace.ts";

/** A process as a killed run leaves it behind. */
async function orphan(t: Test) {
  const child = spawn("sleep", ["1000"], { detached: true });
  await once(child, "spawn");
  t.teardown(() => child.kill("SIGKILL"));
  return { pid: child.pid!, startTime: processStartTime(child.pid!)! };
}

/** The pid and start time of a process that is over. */
async function deadOwner() {
  const child = spawn("sh", ["-c", "read _"]);
  await once(child, "spawn");
  const startTime = processStartTime(child.pid!)!;
  child.stdin.end("\n");
  await once(child, "exit");
  return `${child.pid!}-${startTime}-abcdef`;
}

function leave(cache: string, name: string, lines: readonly string[]): void {
  const path = join(cache, "work", name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "processes"), lines.map((line) => `${line}\n`).join(""));
  writeFileSync(join(path, "disk.qcow2"), "disk");
}

t.test("what a killed run left is ended and removed", async (t) => {
  const cache = t.testdir({});
  const { pid, startTime } = await orphan(t);
  leave(cache, await deadOwner(), [`${pid} ${startTime}`]);
  t.equal(await reapWorkspaces(cache), 1);
  t.notOk(isSameProcess(pid, startTime));
  t.same(readdirSync(join(cache, "work")), []);
});

t.test("a stranger who has the pid by now is left alone", async (t) => {
  const cache = t.testdir({});
  const { pid, startTime } = await orphan(t);
  leave(cache, await deadOwner(), [`${pid} ${startTime - 1}`]);
  t.equal(await reapWorkspaces(cache), 1);
  t.ok(isSameProcess(pid, startTime));
});

t.test("the workspace of a living run stays, with its machines", async (t) => {
  const cache = t.testdir({});
  const workspace = await Workspace.create(cache);
  const { pid, startTime } = await orphan(t);
  await workspace.note(pid, startTime);
  t.equal(await reapWorkspaces(cache), 0);
  t.ok(isSameProcess(pid, startTime));
  await workspace[Symbol.asyncDispose]();
  t.same(readdirSync(join(cache, "work")), []);
});
