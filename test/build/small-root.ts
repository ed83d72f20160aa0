import { stat } from "node:fs/promises";
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
