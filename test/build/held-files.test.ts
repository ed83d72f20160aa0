import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import t, { type Test } from "tap";
import { startDaemon } from "../../harness/base/process.ts";
import { isRoot } from "../../harness/base/root.ts";
import { fileSystems, heldFiles, holdsUnseen } from "../../harness/build/held-files.ts";
import { processTree } from "../../harness/build/process-tree.ts";
import { UNNAMED } from "./small-root.ts";

/** A process that has done what the lines say, and waits. */
async function python(t: Test, ...lines: readonly string[]) {
  const cwd = t.testdir();
  const logFile = join(cwd, "log");
  const script = ["import os, time", ...lines, 'print("ready", flush=True)', "time.sleep(600)"];
  const argv = ["python3", "-c", script.join("\n")];
  const daemon = await startDaemon(argv, { logFile, cwd });
  t.teardown(() => daemon.terminate());
  while (!readFileSync(logFile, "utf8").includes("ready")) await delay(5);
  return { cwd, tree: await processTree(daemon.pid) };
}

const LIBC = "import ctypes; libc = ctypes.CDLL(None)";

t.test("open files without a name are counted once, where they are", async (t) => {
  const { cwd, tree } = await python(
    t,
    `disk, memory = ${UNNAMED.disk}, ${UNNAMED.memory}`,
    'again, named = os.dup(memory), os.open("named", os.O_CREAT | os.O_RDWR)',
    "for fd in [disk, memory, named]: os.write(fd, os.urandom(2**20))",
  );
  const held = await heldFiles(tree.threads, await fileSystems([cwd]));
  t.equal(held.memory, 2 ** 20);
  t.ok(held.disk >= 2 ** 20, `${held.disk} bytes`);
  t.equal(held.files, 1);
  t.ok(held.open >= 7, "its four and three streams");
  t.equal(await holdsUnseen(tree.threads), false);
});

t.test("so are those of a thread of its own, whose process has lost the first", async (t) => {
  const { cwd, tree } = await python(
    t,
    LIBC,
    "import threading",
    'first = f"/proc/{os.getpid()}/task/{os.getpid()}/stat"',
    "def last():",
    "  libc.unshare(0x400)",
    `  os.write(${UNNAMED.memory}, os.urandom(2**20))`,
    '  while open(first).read().split()[2] != "Z": time.sleep(0.01)',
    '  print("ready", flush=True)',
    "  time.sleep(600)",
    "threading.Thread(target=last).start()",
    "libc.syscall(60, 0)",
  );
  t.ok(tree.bytes > 2 ** 20, `${tree.bytes} bytes are resident`);
  const held = await heldFiles(tree.threads, await fileSystems([cwd]));
  t.equal(held.memory, 2 ** 20);
});

t.test("one that is mapped only is not counted, but noticed", async (t) => {
  const { cwd, tree } = await python(
    t,
    LIBC,
    `memory = ${UNNAMED.memory}`,
    "os.write(memory, os.urandom(2**20))",
    "libc.mmap(None, ctypes.c_size_t(4096), 1, 1, memory, ctypes.c_long(0))",
    "os.close(memory)",
  );
  t.equal((await heldFiles(tree.threads, await fileSystems([cwd]))).memory, 0);
  t.equal(await holdsUnseen(tree.threads), true);
});

/** A process sends itself what it holds. */
const SENT = [
  "import socket",
  "sender, receiver = socket.socketpair()",
  `memory = ${UNNAMED.memory}`,
  "os.write(memory, os.urandom(2**20))",
  'socket.send_fds(sender, [b"x"], [memory])',
  "os.close(memory)",
];

t.test("so is one that was sent and not received", async (t) => {
  const { cwd, tree } = await python(t, ...SENT);
  t.equal((await heldFiles(tree.threads, await fileSystems([cwd]))).memory, 0);
  t.equal(await holdsUnseen(tree.threads), true);
});

t.test("it is counted when it is received", async (t) => {
  const { cwd, tree } = await python(t, ...SENT, "socket.recv_fds(receiver, 1, 1)");
  t.equal((await heldFiles(tree.threads, await fileSystems([cwd]))).memory, 2 ** 20);
  t.equal(await holdsUnseen(tree.threads), false);
});

const skip = isRoot() && "root may look at every process";

t.test("what a process hides that it holds is not counted, but noticed", { skip }, async (t) => {
  const { cwd, tree } = await python(t, LIBC, "libc.prctl(4, 0)");
  t.equal((await heldFiles(tree.threads, await fileSystems([cwd]))).open, 0);
  t.equal(await holdsUnseen(tree.threads), true);
});
