import { closeSync, openSync } from "node:fs";
import { execa } from "execa";
import { ToolFailed, type ProcessExit } from "./process-errors.ts";
import { ProcessGroup } from "./process-group.ts";
import { processStartTime } from "./process-identity.ts";
import { prepareLaunch, type LaunchOptions } from "./process-launch.ts";

export interface DaemonOptions extends LaunchOptions {
  /** Standard output and error are appended here. */
  logFile: string;
  /** It finds them open for reading, the first as descriptor 3. */
  files?: readonly string[];
}

/** A long-running program of the outer machine. */
export interface ProcessHandle {
  readonly argv: readonly string[];
  readonly pid: number;
  /** Clock ticks since boot: with the pid it identifies the process after our death. */
  readonly startTime: number;
  /** Never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** SIGTERM to the group, SIGKILL after `graceMs`; resolves when the process is gone. */
  terminate(graceMs?: number): Promise<ProcessExit>;
}

/**
 * Starts a program in a process group of its own. It does not outlive this process: the
 * kernel kills it when the main thread that started it dies.
 * @throws {ToolMissing | ToolFailed}
 */
export async function startDaemon(
  argv: readonly string[],
  options: DaemonOptions,
): Promise<ProcessHandle> {
  const { command, words, settings } = prepareLaunch(argv, options, "SIGKILL");
  const log = openSync(options.logFile, "a");
  const files = (options.files ?? []).map((path) => openSync(path, "r"));
  const child = execa(command, words, {
    ...settings,
    buffer: false,
    // execa names descriptors up to 9 in its types, and takes any.
    stdio: ["ignore", log as 3, log as 3, ...files.map((file) => file as 3)],
  });
  for (const file of [log, ...files]) closeSync(file);
  if (child.pid === undefined) {
    const { originalMessage = "", cause } = await child;
    throw new ToolFailed(argv, { code: undefined, signal: undefined }, [originalMessage], {
      cause,
    });
  }

  const group = new ProcessGroup(child.pid, child);
  group.bindToLeader();
  return {
    argv,
    pid: group.pid,
    // Read before the event loop can reap it, so even a stillborn child has one.
    startTime: processStartTime(group.pid) ?? 0,
    exited: group.exited,
    terminate: (graceMs = 5000) => group.end(graceMs),
  };
}
