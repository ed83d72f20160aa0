import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, statSync, existsSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { processStartTime } from "../../harness/base/process-identity.ts";
import { createSocketDir, sweepSocketDirs } from "../../harness/machine/socket-dir.ts";

t.test("is private, short and removed with what is in it", async (t) => {
  const dir = await createSocketDir();
  t.equal(statSync(dir.path).mode & 0o777, 0o700);
  t.ok(join(dir.path, "channel").length < 108);
  mkdirSync(join(dir.path, "sub"));
  await dir.remove();
  t.notOk(existsSync(dir.path));
  await dir.remove();
});

t.test("a long TMPDIR is passed over", async (t) => {
  const deep = join(t.testdir(), "x".repeat(100));
  mkdirSync(deep);
  const dir = await createSocketDir(deep);
  t.teardown(() => dir.remove());
  t.ok(dir.path.startsWith("/tmp/"));
});

t.test("the directories of the dead are swept, those of the living are not", async (t) => {
  const parent = t.testdir({ "xenloop-other": {}, unrelated: {} });
  const child = spawn("sleep", ["600"]);
  const pid = child.pid ?? 0;
  const start = processStartTime(pid);
  const alive = [
    `xenloop-${pid}-${start}-abcdef`,
    `xenloop-${process.pid}-${processStartTime(process.pid)}-abcdef`,
  ];
  const reused = `xenloop-${process.pid}-1-abcdef`;
  for (const name of [...alive, reused]) mkdirSync(join(parent, name));
  t.same(await sweepSocketDirs(parent), [join(parent, reused)]);
  child.kill();
  await once(child, "exit");
  t.same(await sweepSocketDirs(parent), [join(parent, alive[0] ?? "")]);
  t.same(readdirSync(parent).sort(), [alive[1], "unrelated", "xenloop-other"].sort());
});
