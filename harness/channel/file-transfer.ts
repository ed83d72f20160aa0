import { randomUUID } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { TransferFailed } from "./errors.ts";
import type { ExecOptions, ExecResult, TransferLimits } from "./transport.ts";

export interface StreamingExecOptions extends ExecOptions {
  /** Takes standard output at its own pace; the result's stdout is then empty. */
  sink?: Writable;
}

type StreamingExec = (
  argv: readonly string[],
  options: StreamingExecOptions,
) => Promise<ExecResult>;

const CLEANUP_MS = 10_000;

const RECEIVE = 'exec cat >"$1"';
const PUBLISH = 'chmod -- "$2" "$1" && exec mv -fT -- "$1" "$3"';

export async function uploadOver(
  exec: StreamingExec,
  source: Readable,
  remotePath: string,
  mode = 0o644,
  limits: TransferLimits = {},
): Promise<void> {
  const part = `${remotePath}.part-${randomUUID()}`;
  try {
    await step(["sh", "-c", RECEIVE, "sh", part], { ...limits, input: source });
    // A command of its own: a receiver that loses us sees no more than an end of file, as if whole.
    await step(["sh", "-c", PUBLISH, "sh", part, mode.toString(8), remotePath], limits);
  } catch (error) {
    await exec(["rm", "-f", "--", part], { timeoutMs: CLEANUP_MS }).catch(() => undefined);
    throw error;
  }

  async function step(argv: readonly string[], options: StreamingExecOptions): Promise<void> {
    const { exitCode, stderr } = await exec(argv, options);
    if (exitCode !== 0) throw failed(`The upload to ${remotePath}`, exitCode, stderr);
  }
}

export async function downloadOver(
  exec: StreamingExec,
  remotePath: string,
  sink: Writable,
  limits: TransferLimits = {},
): Promise<void> {
  try {
    const { exitCode, stderr } = await exec(["cat", "--", remotePath], { ...limits, sink });
    if (exitCode !== 0) throw failed(`The download of ${remotePath}`, exitCode, stderr);
  } catch (error) {
    sink.destroy();
    throw error;
  }
  sink.end();
  await finished(sink);
}

function failed(what: string, exitCode: number, stderr: string): TransferFailed {
  return new TransferFailed(what, stderr.trim() || `the remote command exits with ${exitCode}`);
}
