import { closeSync, openSync } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { lastLines, ToolFailed, ToolTimeout } from "./process-errors.ts";
import { ProcessGroup } from "./process-group.ts";
import { prepareLaunch, type LaunchOptions } from "./process-launch.ts";

export { startDaemon, type ProcessHandle } from "./process-daemon.ts";

/** Between SIGTERM and SIGKILL for a tool that is late or unwanted. */
const KILL_GRACE_MS = 2000;
/** After the leader's death, for pipes held open by a process that left the group. */
const ORPHANED_PIPE_MS = 200;

export interface ToolOptions extends LaunchOptions {
  /** Milliseconds until the process group is killed and `ToolTimeout` thrown. */
  timeoutMs?: number;
  /** Kills the process group; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Bytes for standard input, which is /dev/null otherwise. */
  input?: string | Uint8Array | Readable;
  /** File that receives standard output, unlimited and unread; replaced when it exists. */
  stdoutFile?: string;
  /** Exit codes that are no failure; `[0]` unless told. */
  acceptExitCodes?: readonly number[];
}

export interface ToolResult {
  /** Without the final newline; empty with `stdoutFile`. */
  stdout: string;
  stderr: string;
  exitCode: number;
  ms: number;
}

/**
 * Runs a program of the outer machine to its end, without a shell, in a process group of its
 * own and with untranslated messages.
 * @throws {ToolMissing | ToolFailed | ToolTimeout}
 */
export async function runTool(
  argv: readonly string[],
  options: ToolOptions = {},
): Promise<ToolResult> {
  const { timeoutMs, signal, input, acceptExitCodes = [0] } = options;
  signal?.throwIfAborted();
  const { command, words, settings } = prepareLaunch(argv, options, "SIGTERM");
  const stdoutFd = options.stdoutFile === undefined ? undefined : openSync(options.stdoutFile, "w");
  const child = execa(command, words, {
    ...settings,
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
    // execa names descriptors up to 9 in its types, and takes any.
    stdout: (stdoutFd as 3 | undefined) ?? "pipe",
  });
  if (stdoutFd !== undefined) closeSync(stdoutFd);
  if (child.pid === undefined) {
    const { originalMessage = "", cause } = await child;
    throw new ToolFailed(argv, { code: undefined, signal: undefined }, [originalMessage], {
      cause,
    });
  }

  const group = new ProcessGroup(child.pid, child);
  let stopped: "timeout" | "abort" | undefined;
  let giveUp: () => void;
  const givenUp = new Promise<void>((resolve) => (giveUp = resolve));
  const stop = async (cause: "timeout" | "abort") => {
    if (stopped !== undefined) return;
    stopped = cause;
    await group.end(KILL_GRACE_MS);
    await delay(ORPHANED_PIPE_MS);
    child.stdout?.destroy();
    child.stderr?.destroy();
    giveUp();
  };
  const onAbort = () => void stop("abort");
  signal?.addEventListener("abort", onAbort, { once: true });
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => void stop("timeout"), timeoutMs);
  const result = await Promise.race([child, givenUp]);
  clearTimeout(timer);
  signal?.removeEventListener("abort", onAbort);

  const stderr = result === undefined ? "" : String(result.stderr ?? "");
  if (stopped === "abort") signal?.throwIfAborted();
  if (stopped !== undefined || result === undefined) {
    throw new ToolTimeout(argv, timeoutMs ?? 0, lastLines(stderr));
  }
  if (result.exitCode === undefined || !acceptExitCodes.includes(result.exitCode)) {
    const exit = { code: result.exitCode, signal: result.signal };
    throw new ToolFailed(argv, exit, lastLines(stderr), { cause: result.cause });
  }
  const stdout = String(result.stdout ?? "");
  return { stdout, stderr, exitCode: result.exitCode, ms: result.durationMs };
}
