/**
 * The sandbox of containers, with Podman, or Docker where it has a socket. Not beside the other
 * sandbox: as root both are the user nobody, of whom there may be so many processes and no more.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import t, { type Test } from "tap";
import { sha256File } from "../../harness/base/hash.ts";
import { runTool } from "../../harness/base/process.ts";
import { isRoot } from "../../harness/base/root.ts";
import { ensureContainerImage } from "../../harness/build/container-image.ts";
import { ContainerRuntime, findRuntime } from "../../harness/build/container-runtime.ts";
import { launchContainer } from "../../harness/build/container.ts";
import { runConfined } from "../../harness/build/sandbox.ts";
import type { SandboxLimits } from "../../harness/build/sandbox-argv.ts";
import { missingPackages } from "../../harness/cli/packages.ts";
import {
  smallRoot,
  smallSandbox,
  endsWithAllItStarted,
  holding,
  isRefusedCalls,
  UNNAMED,
} from "../build/small-root.ts";

const missing = missingPackages(process.env, { use: "containers" }).map(({ name }) => name);
const isThere = (await findRuntime(process.env)) !== undefined && !missing.includes("runc");
if (!isThere) t.bailout("there is neither Docker nor podman with runc: xenloop doctor");

const kinds = (attempts: readonly { what: string }[]) => attempts.map(({ what }) => what);

const folder = mkdtempSync(join(tmpdir(), "xenloop-container-"));
const runtime = await ContainerRuntime.open(folder);
t.teardown(async () => {
  await runtime[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** An archive of a root file system, with the name of this process so that tests do not meet. */
async function archive(name: string) {
  const root = join(folder, name);
  mkdirSync(root);
  smallRoot(root);
  const tar = `${root}.tar`;
  await runTool(["tar", "-C", root, "-cf", tar, "."], { timeoutMs: 60_000 });
  return { key: `${name}-${process.pid}`, tar, sha256: await sha256File(tar) };
}

const image = await ensureContainerImage(runtime.client, await archive("small"));
const { dockerode } = runtime.client.container;
t.teardown(() => dockerode.getImage(image).remove({ force: true }));

const sandbox = (t: Test, limits: Partial<SandboxLimits> = {}) =>
  smallSandbox(t, limits, (request) =>
    runConfined(request, (command, log) => launchContainer(runtime, image, command, log)),
  );

t.test("an image is the root file system of its name, and is imported once", async (t) => {
  const own = await archive("own");
  const name = await ensureContainerImage(runtime.client, own);
  t.teardown(() => dockerode.getImage(name).remove({ force: true }));
  const info = await dockerode.getImage(name).inspect();
  t.strictSame(info.RootFS.Layers, [`sha256:${own.sha256}`]);
  t.equal(await ensureContainerImage(runtime.client, { ...own, tar: "/nowhere" }), name);
  const other = { ...own, sha256: "0".repeat(64) };
  await t.rejects(ensureContainerImage(runtime.client, other), { code: "CONTAINER_IMAGE_WRONG" });
});

t.test("what a command makes in its folder is there, and its status is told", async (t) => {
  const { tree, log, run } = await sandbox(t);
  const result = await run("echo made > file; echo said; exit 3");
  t.equal(result.exitCode, 3);
  t.same(result.attempts, []);
  t.equal(await readFile(join(tree, "file"), "utf8"), "made\n");
  t.equal(await readFile(log, "utf8"), "said\n");
  t.same(await dockerode.listContainers({ all: true }), [], "no container is left");
});

t.test("it is a user without rights, and sees a decoy of the environment", async (t) => {
  process.env["XENLOOP_TEST_SECRET"] = "hunter2";
  t.teardown(() => delete process.env["XENLOOP_TEST_SECRET"]);
  const { log, run } = await sandbox(t);
  const result = await run("grep -E '^(CapEff|NoNewPrivs)' /proc/self/status; env; ls /root");
  const said = await readFile(log, "utf8");
  t.match(said, /^CapEff:\s+0+$/m);
  t.match(said, /^NoNewPrivs:\s+1$/m);
  t.notMatch(said, /hunter2/);
  t.ok(kinds(result.attempts).includes("environment"));
});

t.test("it reaches no network and writes nothing outside its folder", async (t) => {
  const { directory, run } = await sandbox(t);
  const dial = `python3 -c 'import socket; socket.create_connection(("192.0.2.1", 80), 2)' 2>/dev/null`;
  const result = await run(`${dial}; echo x > /etc/own; echo x > ${directory}/outside; true`);
  const network = result.attempts.find(({ what }) => what === "network");
  t.match(network?.sentence, /the kernel refused it \d+ times/);
  t.ok(kinds(result.attempts).includes("outside"));
  t.equal(existsSync(join(directory, "outside")), false);
});

t.test("it neither fills the disk, nor forks without end, nor takes all memory", async (t) => {
  const disk = await sandbox(t);
  const filled = await disk.run("for i in $(seq 40); do head -c 20M /dev/zero > $i; done; sleep 9");
  t.equal(filled.exceeded?.limit, "disk");
  const forks = await sandbox(t, { seconds: 3 });
  const forked = await forks.run("bomb() { bomb | bomb & }; bomb; sleep 30");
  t.ok(kinds(forked.attempts).includes("processes"), JSON.stringify(forked.attempts));
  t.ok(forked.ms < 20_000, "and is over");
  const memory = await sandbox(t, { memoryMiB: 200 });
  const hog = `python3 -c 'x = bytearray(150 * 2**20); import time; time.sleep(20)' & `;
  const hogged = await memory.run(`${hog}${hog}wait`);
  t.equal(hogged.exceeded?.limit, "memory");
});

t.test("what has no name is disk or memory, too", async (t) => {
  const disk = await sandbox(t);
  t.equal((await disk.run(holding(UNNAMED.disk))).exceeded?.limit, "disk");
  const memory = await sandbox(t, { memoryMiB: 128 });
  t.equal((await memory.run(holding(UNNAMED.memory))).exceeded?.limit, "memory");
});

t.test("it is refused user namespaces and calls that hide what they take", async (t) => {
  await isRefusedCalls(t, await sandbox(t));
});

// Elsewhere there may be no cgroups for the runtime.
t.test("the kernel limits it as well", { skip: !isRoot() && "not root" }, async (t) => {
  const { run } = await sandbox(t, { memoryMiB: 128, processes: 60 });
  const over = new AbortController();
  const running = run("sleep 5").finally(() => over.abort());
  let id: string | undefined;
  while (id === undefined && !over.signal.aborted) {
    await delay(50);
    id = (await dockerode.listContainers())[0]?.Id;
  }
  t.ok(id);
  const { HostConfig } = await dockerode.getContainer(id!).inspect();
  const { Memory = 0, PidsLimit = 0 } = HostConfig;
  t.ok(Memory > 128 * 2 ** 20 && Memory < 2 ** 31, `${Memory} bytes`);
  t.ok(PidsLimit > 60 && PidsLimit < 200, `${PidsLimit} processes`);
  t.equal((await running).exitCode, 0);
});

t.test("it ends in its time or when the caller gives up, with all that it started", async (t) => {
  const { tree, run } = await sandbox(t, { seconds: 1 });
  await endsWithAllItStarted(t, { tree, run });
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 200);
  await t.rejects(run("sleep 60", controller.signal), /enough/);
});
