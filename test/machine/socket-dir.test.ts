import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import t from "tap";
import { processStartTime } from "../../harness/base/process-identity.ts";
import { createSocketDir, sweepSocketDirs } from "../../harness/machine/socket-dir.ts";

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
/** Of an owner that had this process's pid before it. */
const DEAD = `xenloop-${process.pid}-1-`;

t.test("is private, short and removed with what is in it", async (t) => {
  const dir = await createSocketDir();
  t.equal(statSync(dir.path).mode & 0o777, 0o700);
  t.ok(join(dir.path, "channel").length < 108);
  mkdirSync(join(dir.path, "sub"));
  await dir.remove();
  t.notOk(existsSync(dir.path));
  await dir.remove();
});

t.test("a long TMPDIR is passed over, and what the dead made instead is swept", async (t) => {
  const deep = join(t.testdir(), "x".repeat(100));
  mkdirSync(deep);
  const dir = await createSocketDir(deep);
  t.teardown(() => dir.remove());
  t.ok(dir.path.startsWith("/tmp/"));

  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = deep;
  t.teardown(() => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  });
  const dead = [mkdtempSync(join("/tmp", DEAD)), mkdtempSync(join(deep, DEAD))];
  await sweepSocketDirs();
  t.same(dead.filter(existsSync), []);
  t.ok(existsSync(dir.path), "the living one's is there");
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
  const reused = `${DEAD}abcdef`;
  for (const name of [...alive, reused]) mkdirSync(join(parent, name));
  const parents = [join(parent, "none"), parent, `${parent}/`];
  t.same(await sweepSocketDirs(parents), [join(parent, reused)]);
  child.kill();
  await once(child, "exit");
  t.same(await sweepSocketDirs(parents), [join(parent, alive[0] ?? "")]);
  t.same(readdirSync(parent).sort(), [alive[1], "unrelated", "xenloop-other"].sort());
});

t.test(
  "those of another user are left alone",
  { skip: isRoot ? false : "only root gives a directory away" },
  async (t) => {
    const parent = t.testdir({});
    const [theirs, own] = [join(parent, `${DEAD}abcdef`), join(parent, `${DEAD}ghijkl`)];
    mkdirSync(theirs, { mode: 0o700 });
    chownSync(theirs, NOBODY, NOBODY);
    mkdirSync(own);
    t.same(await sweepSocketDirs([parent]), [own]);
    t.ok(existsSync(theirs));
  },
);

t.test(
  "one that does not go keeps no other from going",
  { skip: isRoot ? "root removes whatever it wants" : false },
  async (t) => {
    const parent = t.testdir({});
    const [stuck, other] = [join(parent, `${DEAD}abcdef`), join(parent, `${DEAD}ghijkl`)];
    const closed = join(stuck, "closed");
    mkdirSync(join(closed, "sub"), { recursive: true });
    chmodSync(closed, 0o500);
    t.teardown(() => chmodSync(closed, 0o700));
    mkdirSync(other);
    t.same(await sweepSocketDirs([parent]), [other]);
    t.ok(existsSync(stuck));
  },
);
