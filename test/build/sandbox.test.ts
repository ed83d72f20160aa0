import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t from "tap";
import { runTool } from "../../harness/base/process.ts";
import { sandboxUser } from "../../harness/build/sandbox-user.ts";
import { treeSize } from "../../harness/image/tree-size.ts";
import { missingPackages } from "../../harness/cli/packages.ts";
import { ROOT } from "../cli/run-xenloop.ts";
import {
  smallSandbox,
  endsWithAllItStarted,
  holding,
  isRefusedCalls,
  UNNAMED,
} from "./small-root.ts";

const isMissing = missingPackages(process.env, { use: "builds" }).some(
  ({ name }) => name === "bubblewrap",
);
if (isMissing) t.bailout("bubblewrap is not installed: xenloop doctor");

const kinds = (attempts: readonly { what: string }[]) => attempts.map(({ what }) => what);

t.test("what a command makes in its folder is there, and its status is told", async (t) => {
  const { tree, log, run } = await smallSandbox(t);
  const result = await run("echo made > file; echo said; exit 3");
  t.equal(result.exitCode, 3);
  t.same(result.attempts, []);
  t.equal(await readFile(join(tree, "file"), "utf8"), "made\n");
  t.equal(await readFile(log, "utf8"), "said\n");
});

t.test("it is a user without rights", async (t) => {
  const { log, run } = await smallSandbox(t);
  await run("id -u; grep -E '^(CapEff|NoNewPrivs)' /proc/self/status");
  const said = await readFile(log, "utf8");
  t.notMatch(said, /^0$/m);
  t.match(said, /^CapEff:\s+0+$/m);
  t.match(said, /^NoNewPrivs:\s+1$/m);
});

t.test("of the environment it sees a decoy, and showing it is noticed", async (t) => {
  const { log, run } = await smallSandbox(t);
  process.env["XENLOOP_TEST_SECRET"] = "hunter2";
  t.teardown(() => delete process.env["XENLOOP_TEST_SECRET"]);
  const result = await run("env; cat /proc/*/environ | tr '\\0' '\\n'; ls /home /root /etc");
  t.notMatch(await readFile(log, "utf8"), /hunter2|XENLOOP_TEST/);
  t.ok(kinds(result.attempts).includes("environment"), "the report says that it looked");
});

const asUser = join(import.meta.dirname, "fixtures/as-user.ts");
const cannotBecome =
  process.getuid?.() !== 0 ? "this user is ordinary: the test above is about it" : unreadable();

t.test("nor does it when an ordinary user starts it", { skip: cannotBecome }, async (t) => {
  const become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];
  const { stdout } = await runTool([...become, process.execPath, "--import", "tsx", asUser], {
    cwd: ROOT,
    env: { XENLOOP_TEST_SECRET: "hunter2", HOME: "/tmp" },
    timeoutMs: 60_000,
  });
  t.match(stdout, /^GITHUB_TOKEN=xenloop-decoy/m);
  t.notMatch(stdout, /hunter2/);
});

/** A checkout below a private home is nothing that other users can run. */
function unreadable(): string | false {
  const probe = ["setpriv", "--reuid=65534", "--clear-groups", "--", "test", "-r", asUser];
  const { status } = spawnSync(probe[0]!, probe.slice(1));
  return status === 0 ? false : "this checkout cannot be read by other users";
}

t.test("what it prints first counts, after whatever characters are in the log", async (t) => {
  const { run } = await smallSandbox(t);
  await run("for i in $(seq 200); do echo ‘’‘’‘’‘’; done");
  const result = await run('echo "$GITHUB_TOKEN"');
  t.same(kinds(result.attempts), ["environment"]);
});

t.test("it reaches no network, not even a server of this machine", async (t) => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const { run } = await smallSandbox(t);
  const dial = (address: string) =>
    `python3 -c 'import socket; socket.create_connection(("${address}", ${port}), 2)' 2>/dev/null; `;
  const result = await run(`${dial("127.0.0.1")}${dial("192.0.2.1")}true`);
  t.equal(asked, 0);
  const network = result.attempts.find(({ what }) => what === "network");
  t.match(network?.sentence, /the kernel refused it \d+ times/, "though it said nothing of it");
});

t.test("it does not fill the disk", async (t) => {
  const { tree, run } = await smallSandbox(t);
  const script = "for i in $(seq 40); do head -c 20M /dev/zero > file-$i; done; sleep 9";
  const result = await run(script);
  t.equal(result.exceeded?.limit, "disk");
  t.ok(kinds(result.attempts).includes("disk"));
  const { allocated } = await treeSize(tree);
  t.ok(allocated < 900 * 2 ** 20, `it was ended after ${allocated} bytes`);

  const single = await smallSandbox(t);
  await single.run("head -c 1G /dev/zero > file");
  t.ok((await stat(join(single.tree, "file"))).size <= 64 * 2 ** 20, "one file has the same limit");
});

t.test("nor does it with files that have no name, or with nothing in them", async (t) => {
  const { run } = await smallSandbox(t);
  const unnamed = await run(holding(UNNAMED.disk));
  t.equal(unnamed.exceeded?.limit, "disk");
  t.match(unnamed.exceeded?.detail, /^it fills \d+ MiB of disk, 64 are allowed$/);
  t.ok(kinds(unnamed.attempts).includes("disk"));

  const many = await smallSandbox(t, { files: 1000 });
  const script = '[open(str(at), "w").close() for at in range(3000)]; time.sleep(15)';
  const empty = await many.run(`python3 -c 'import time; ${script}'`);
  t.equal(empty.exceeded?.limit, "disk");
  t.equal(empty.exceeded?.detail, "it makes more than 1000 files");
});

t.test("it does not fork without end", async (t) => {
  const { run } = await smallSandbox(t, { seconds: 3 });
  const result = await run("bomb() { bomb | bomb & }; bomb; sleep 30");
  t.ok(kinds(result.attempts).includes("processes"), JSON.stringify(result.attempts));
  t.ok(result.ms < 15_000, "and is over");
});

t.test("one that forks without end takes nothing from another", async (t) => {
  const bomb = await smallSandbox(t, { seconds: 3 });
  const honest = await smallSandbox(t, { seconds: 30 });
  const bombed = bomb.run("bomb() { bomb | bomb & }; bomb; sleep 30");
  const many = "for n in $(seq 40); do sleep 0.2 & done; wait";
  let rounds = 0;
  const over = bombed.then(() => true);
  do {
    const { exitCode, attempts } = await honest.run(many);
    t.equal(exitCode, 0, await readFile(honest.log, "utf8"));
    t.strictSame(attempts, []);
    rounds += 1;
  } while (!(await Promise.race([over, false])));
  t.ok(rounds > 0);
});

t.test("root's builds are a user each", (t) => {
  const whole = "         0          0 4294967295\n";
  t.not(sandboxUser(whole), sandboxUser(whole));
  t.equal(sandboxUser("         0     100000      65536\n"), 65_534, "a container's few users");
  t.end();
});

t.test("it does not take all memory", async (t) => {
  const { run } = await smallSandbox(t, { memoryMiB: 200 });
  const hog = `python3 -c 'x = bytearray(150 * 2**20); import time; time.sleep(20)' & `;
  const result = await run(`${hog}${hog}wait`);
  t.equal(result.exceeded?.limit, "memory");
  t.ok(result.ms < 15_000);
});

t.test("memory that is in no process is memory, too", async (t) => {
  const { run } = await smallSandbox(t, { memoryMiB: 128 });
  const result = await run(holding(UNNAMED.memory));
  t.equal(result.exceeded?.limit, "memory");
  t.match(result.exceeded?.detail, /^its processes hold \d+ MiB of memory, 128 are allowed$/);
  t.ok(kinds(result.attempts).includes("memory"));
});

t.test("so is memory that it has sent to itself and not received", async (t) => {
  const { runArgv } = await smallSandbox(t, { memoryMiB: 128 });
  const script = [
    "import os, socket, time",
    "sender, receiver = socket.socketpair()",
    "for _ in range(16):",
    `  memory = ${UNNAMED.memory}`,
    "  for _ in range(40): os.write(memory, bytes(2**20))",
    '  socket.send_fds(sender, [b"x"], [memory])',
    "  os.close(memory)",
    "  time.sleep(0.2)",
    "time.sleep(9)",
  ];
  const result = await runArgv(["python3", "-c", script.join("\n")]);
  t.equal(result.exceeded?.limit, "memory");
  t.match(
    result.exceeded?.detail,
    /^it hides what it holds while \d+ MiB of memory go, 128 are allowed$/,
  );
});

t.test("it is refused calls that hide what they take, as are user namespaces", async (t) => {
  await isRefusedCalls(t, await smallSandbox(t));
});

t.test("it writes nothing outside its folder, which is told", async (t) => {
  const { directory, run } = await smallSandbox(t);
  const result = await run(
    `echo x > /etc/passwd; echo x > ${directory}/outside; echo x > /work/outside; echo x > /tmp/own`,
  );
  t.equal(existsSync(join(directory, "outside")), false);
  t.ok(kinds(result.attempts).includes("outside"));
});

t.test("it ends in its time, with all that it started", async (t) => {
  const { tree, run } = await smallSandbox(t, { seconds: 1 });
  await endsWithAllItStarted(t, { tree, run });
});

t.test("it cannot have its report waited for, nor another file read as one", async (t) => {
  const { run } = await smallSandbox(t);
  const pipe = await run(
    "mkfifo /work/.report/snmp; cat /work/.report/snmp >/dev/null & sleep 0.2",
  );
  t.equal(pipe.exitCode, 0);
  const endless = await run("ln -s /dev/zero /work/.report/snmp");
  t.equal(endless.exitCode, 0);
});

t.test("it ends when the caller gives up", async (t) => {
  const { run } = await smallSandbox(t);
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 200);
  await t.rejects(run("sleep 60", controller.signal), /enough/);
});
