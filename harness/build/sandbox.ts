import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startDaemon } from "../base/process.ts";
import { isRoot } from "../base/root.ts";
import { Scratch } from "../image/scratch.ts";
import { logFrom, logSize } from "./build-log.ts";
import { readOwnFile } from "./own-file.ts";
import { attemptsIn, type Attempt } from "./attempts.ts";
import { callFilter } from "./call-filter.ts";
import type { Exceeded } from "./exceeded.ts";
import { REPORT, sandboxArgv, type SandboxCommand, type SandboxMount } from "./sandbox-argv.ts";
import { giveFolders, sandboxUser } from "./sandbox-user.ts";
import { watchLoad } from "./sandbox-watch.ts";

export interface SandboxRequest extends Omit<SandboxCommand, "env"> {
  env?: Readonly<Record<string, string>>;
  /** Takes what the command prints, after what is in it. */
  log: string;
  /** For what is gone afterwards. */
  scratch: string;
  signal?: AbortSignal;
}

export interface SandboxResult {
  /** Undefined when it was ended, by a limit or a signal. */
  exitCode: number | undefined;
  ms: number;
  /** The limit for which it was ended. */
  exceeded?: Exceeded;
  /** What it tried beyond what it may. */
  attempts: Attempt[];
}

const GRACE_MS = 500;
const LARGEST_REPORT_BYTES = 2 ** 20;

/** A command that is shut in, while it runs. */
export interface Confined {
  /** Outermost process of this machine that is only the command's. */
  pid: number;
  exited: Promise<{ code: number | undefined }>;
  terminate(graceMs: number): Promise<unknown>;
}

/** Starts a command shut in; `log` takes what it prints, after what is in it. */
export type Launch = (command: SandboxCommand, log: string) => Promise<Confined>;

/**
 * Runs a command that nobody trusts with bubblewrap: it sees a root file system and the folders it
 * is given, and nothing else of this machine.
 * @throws {ToolMissing} without bubblewrap
 */
export async function runSandboxed(request: SandboxRequest, root: string): Promise<SandboxResult> {
  await using temporary = await Scratch.create(request.scratch, "filter");
  const filter = join(temporary.path, "filter");
  await writeFile(filter, callFilter());
  const how = { files: [filter], env: withoutOwnEnvironment() };
  return await runConfined(request, (command, logFile) =>
    startDaemon(sandboxArgv(command, root), { ...how, logFile }),
  );
}

/** Watches what `launch` starts. What it was limited in and what it tried is in the result. */
export async function runConfined(request: SandboxRequest, launch: Launch): Promise<SandboxResult> {
  const { mounts, limits, log, signal, env = {} } = request;
  signal?.throwIfAborted();
  await using temporary = await Scratch.create(request.scratch, "sandbox");
  const report = join(temporary.path, "report");
  await mkdir(report);
  const folders = [...mounts.filter(isWritable).map(({ source }) => source), report];
  const user = request.user ?? (isRoot() ? sandboxUser() : undefined);
  // Whoever names a user has given the others away already.
  const given = request.user === undefined ? folders : [report];
  if (user !== undefined) await giveFolders(user, given, signal);
  const decoy = `xenloop-decoy-${randomBytes(12).toString("hex")}`;
  const command = {
    ...request,
    mounts: [...mounts, { source: report, target: REPORT, writable: true }],
    // A secret that is none: whoever shows it has read the environment for secrets.
    env: { GITHUB_TOKEN: decoy, ...env },
    ...(user !== undefined && { user }),
  };
  const from = await logSize(log);
  const started = performance.now();
  const confined = await launch(command, log);
  const onAbort = () => void confined.terminate(GRACE_MS);
  signal?.addEventListener("abort", onAbort, { once: true });
  const watch = watchLoad(confined.pid, {
    limits,
    folders,
    log: { path: log, from },
    onExceeded: () => void confined.terminate(GRACE_MS),
  });
  const exit = await confined.exited;
  const seen = await watch.end();
  signal?.removeEventListener("abort", onAbort);
  signal?.throwIfAborted();
  const said = await logFrom(log, from);
  const counted = await readOwnFile(report, "snmp", LARGEST_REPORT_BYTES).catch(() => "");
  const snmp = counted.toString();
  const attempts = attemptsIn({ ...seen, said, decoy, snmp: [snmp, seen.snmp], limits });
  return {
    exitCode: seen.exceeded ? undefined : exit.code,
    ms: performance.now() - started,
    ...(seen.exceeded && { exceeded: seen.exceeded }),
    attempts,
  };
}

/** The first process inside is bubblewrap, and whoever is the same user may read with what it began. */
function withoutOwnEnvironment(): Record<string, undefined> {
  const others = Object.keys(process.env).filter((name) => name !== "PATH");
  return Object.fromEntries(others.map((name) => [name, undefined]));
}

function isWritable({ writable = false }: SandboxMount): boolean {
  return writable;
}
