import type { XenloopError } from "../base/error.ts";
import { CommandAborted, CommandTimeout } from "./errors.ts";
import type { ExecOptions } from "./transport.ts";

/** Between SIGTERM and SIGKILL, and then until the command is given up on. */
export const TERM_GRACE_MS = 2000;
export const KILL_GRACE_MS = 1000;

/** Makes the error once the command's last output is known. */
export type Failure = (lastLines: string) => XenloopError;

/**
 * Calls `exceed` once when the deadline passes or the signal aborts. The returned function
 * disarms both.
 */
export function watchLimits(
  argv: readonly string[],
  { timeoutMs, signal }: Pick<ExecOptions, "timeoutMs" | "signal">,
  exceed: (failure: Failure) => void,
): () => void {
  const abort = () => exceed((lastLines) => new CommandAborted(argv, signal?.reason, lastLines));
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(
          () => exceed((lastLines) => new CommandTimeout(argv, timeoutMs, lastLines)),
          timeoutMs,
        );
  if (signal?.aborted === true) queueMicrotask(abort);
  else signal?.addEventListener("abort", abort, { once: true });
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  };
}

/** Ends a process group: SIGTERM, SIGKILL after a grace, `giveUp` when even that has no effect. */
export function escalate(kill: (signal: 15 | 9) => void, giveUp: () => void): () => void {
  kill(15);
  let timer = setTimeout(() => {
    kill(9);
    timer = setTimeout(giveUp, KILL_GRACE_MS);
  }, TERM_GRACE_MS);
  return () => clearTimeout(timer);
}
