import { readFile, stat } from "node:fs/promises";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import {
  runSandboxed,
  type SandboxRequest,
  type SandboxResult,
} from "../../harness/build/sandbox.ts";
import type { SandboxLimits, SandboxMount } from "../../harness/build/sandbox-argv.ts";

const LIMITS: SandboxLimits = {
  seconds: 20,
  memoryMiB: 1024,
  processes: 60,
  diskMiB: 64,
  files: 10_000,
};

type Run = (request: SandboxRequest) => Promise<SandboxResult>;

/** What a root file system needs when its `/usr` is this machine's. */
export function smallRoot(root: string): void {
  for (const folder of ["usr", "etc", "proc", "dev", "sys", "tmp", "var/tmp", "work"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const name of ["bin", "sbin", "lib", "lib64"]) symlinkSync(`usr/${name}`, join(root, name));
}

/** A sandbox whose programs are this machine's, with one folder that may be written to. */
export async function smallSandbox(
  t: Pick<Test, "teardown">,
  limits: Partial<SandboxLimits> = {},
  shutIn: Run = (request) => runSandboxed(request, join(request.scratch, "root")),
) {
  const directory = mkdtempSync(join(tmpdir(), "xenloop-sandbox-"));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  const root = join(directory, "root");
  smallRoot(root);
  const tree = join(directory, "tree");
  mkdirSync(tree);
  const log = join(directory, "log");
  const runArgv = (
    argv: readonly string[],
    more: readonly SandboxMount[] = [],
    signal?: AbortSignal,
  ) =>
    shutIn({
      argv,
      cwd: "/work/tree",
      mounts: [
        { source: "/usr", target: "/usr" },
        { source: tree, target: "/work/tree", writable: true },
        ...more,
      ],
      limits: { ...LIMITS, ...limits },
      log,
      scratch: directory,
      ...(signal && { signal }),
    });
  const run = (script: string, signal?: AbortSignal) => runArgv(["sh", "-c", script], [], signal);
  return { directory, tree, log, run, runArgv };
}

/** How Python opens what has no name, on disk and in memory. */
export const UNNAMED = {
  disk: '(os.open("f", os.O_CREAT | os.O_RDWR), os.unlink("f"))[0]',
  memory: 'os.memfd_create("m")',
};

/** Holds four open files of 40 MiB each. */
export function holding(opened: string): string {
  const fill = "[os.write(fd, bytes(2**20)) for fd in held for _ in range(40)]";
  return `python3 -c 'import os, time; held = [${opened} for _ in range(4)]; ${fill}; time.sleep(15)'`;
}

/** Calls from the table of x86-64; flags and families as the kernel's headers have them. */
const CALLS = [
  "import ctypes, os, threading",
  "libc = ctypes.CDLL(None, use_errno=True)",
  "def call(name, *words):",
  "  done = libc.syscall(*map(ctypes.c_long, words))",
  '  print(name, "done" if done >= 0 else os.strerror(ctypes.get_errno()), flush=True)',
  'call("shmget", 29, 0, 4096, 0o1600)',
  "params = ctypes.create_string_buffer(120)",
  'call("io_uring_setup", 425, 4, ctypes.addressof(params))',
  'call("clone", 56, 0x10000011, 0, 0, 0, 0)',
  'call("unshare", 272, 0x10000000)',
  'call("unshare with mounts", 272, 0x10020000)',
  'call("clone3", 435, 0, 0)',
  'call("keyctl", 250, 0, -3, 1)',
  'call("socket", 41, 40, 1, 0)',
  'call("socket with more bits", 41, 2**32 + 40, 1, 0)',
  'call("socket of UNIX", 41, 1, 1, 0)',
  'thread = threading.Thread(target=print, args=["thread done"])',
  "thread.start(); thread.join()",
];

/** Of a sandbox: calls that take what cannot be seen, or lead out, are refused, and no others. */
export async function isRefusedCalls(
  t: Pick<Test, "same" | "strictSame">,
  { log, runArgv }: Pick<Awaited<ReturnType<typeof smallSandbox>>, "log" | "runArgv">,
): Promise<void> {
  const { attempts } = await runArgv(["python3", "-c", CALLS.join("\n")]);
  t.strictSame((await readFile(log, "utf8")).trim().split("\n"), [
    "shmget Function not implemented",
    "io_uring_setup Function not implemented",
    "clone Operation not permitted",
    "unshare Operation not permitted",
    "unshare with mounts Operation not permitted",
    "clone3 Function not implemented",
    "keyctl Function not implemented",
    "socket Operation not permitted",
    "socket with more bits Operation not permitted",
    "socket of UNIX done",
    "thread done",
  ]);
  t.same(
    attempts.map(({ what }) => what),
    ["outside"],
  );
}

/** Of a sandbox that has one second: its end is the end of a child that takes no signal, too. */
export async function endsWithAllItStarted(
  t: Pick<Test, "equal" | "same">,
  { tree, run }: Pick<Awaited<ReturnType<typeof smallSandbox>>, "tree" | "run">,
): Promise<void> {
  const result = await run("(trap '' TERM; while :; do date > alive; sleep 0.1; done) & sleep 60");
  t.equal(result.exceeded?.limit, "time");
  t.equal(result.exitCode, undefined);
  const last = await stat(join(tree, "alive"));
  await run("sleep 0.5");
  t.same((await stat(join(tree, "alive"))).mtimeMs, last.mtimeMs, "nothing writes any more");
}
