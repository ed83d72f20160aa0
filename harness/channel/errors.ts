import { messageOf, XenloopError } from "../base/error.ts";
import { shq } from "./shell-quote.ts";

function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(1))} s`;
}

function withOutput(lastLines: string): string {
  return lastLines === "" ? "It printed nothing." : `Its last output:\n${lastLines}`;
}

/** A command did not end in time; its process group was killed. */
export class CommandTimeout extends XenloopError {
  constructor(
    readonly argv: readonly string[],
    readonly timeoutMs: number,
    readonly lastLines: string,
  ) {
    super(`${shq(argv)} does not end within ${duration(timeoutMs)}. ${withOutput(lastLines)}`, {
      code: "COMMAND_TIMEOUT",
      kind: "assertion",
      hint: "If the machine is merely slow, raise the limit: --timeout-scale 2",
    });
  }
}

/** A command printed more than is kept of its output; its process group was killed. */
export class CommandOutputTooLong extends XenloopError {
  constructor(
    readonly argv: readonly string[],
    stream: string,
    mostMiB: number,
    readonly lastLines: string,
  ) {
    super(`${shq(argv)} prints more than ${mostMiB} MiB on ${stream}. ${withOutput(lastLines)}`, {
      code: "COMMAND_OUTPUT_TOO_LONG",
      kind: "assertion",
      hint: "Take it as it comes, with `onStdout` or `onStderr`; or have it written to a file, and download that.",
    });
  }
}

/** The caller's signal ended a command; its process group was killed. */
export class CommandAborted extends XenloopError {
  constructor(
    readonly argv: readonly string[],
    reason: unknown,
    readonly lastLines: string,
  ) {
    super(`${shq(argv)} is interrupted: ${messageOf(reason)}. ${withOutput(lastLines)}`, {
      code: "COMMAND_ABORTED",
      kind: "infra",
      cause: reason,
    });
  }
}

/** A command that no system can start. */
export class InvalidCommand extends XenloopError {
  constructor(what: string) {
    super(what, {
      code: "INVALID_COMMAND",
      kind: "usage",
      hint: "Pass a non-empty argv of strings without NUL bytes; send binary data as `input`.",
    });
  }
}

/** The stream that feeds a command's standard input, or takes its output, failed. */
export class CommandStreamFailed extends XenloopError {
  constructor(argv: readonly string[], cause: unknown) {
    super(`A local stream joined to ${shq(argv)} fails: ${messageOf(cause)}`, {
      code: "COMMAND_STREAM_FAILED",
      kind: "infra",
      cause,
    });
  }
}

/** Nobody answered on the channel in time. */
export class ChannelUnavailable extends XenloopError {
  constructor(socketPath: string, ms: number, cause?: unknown) {
    const last = cause === undefined ? "" : `; the last attempt says: ${messageOf(cause)}`;
    super(`No agent answers on ${socketPath} within ${duration(ms)}${last}`, {
      code: "CHANNEL_UNAVAILABLE",
      kind: "infra",
      hint: "See in the host's serial console whether dom0 is up and xenloop-agent.service runs; the socket serves one client at a time.",
      cause,
    });
  }
}

/** What was under way on the channel when it broke has no known outcome. */
export class ChannelLost extends XenloopError {
  constructor(what: string, reason: string, cause?: unknown) {
    super(`${what}: ${reason}`, {
      code: "CHANNEL_LOST",
      kind: "infra",
      hint: "See in the host's serial console why the agent or the machine went away.",
      cause,
    });
  }
}

/** The image's agent speaks another version of the protocol. */
export class ChannelVersionMismatch extends XenloopError {
  constructor(agent: number, harness: number) {
    super(`The host's agent speaks protocol ${agent}, the harness ${harness}`, {
      code: "CHANNEL_VERSION_MISMATCH",
      kind: "infra",
      hint: "The host image is older or newer than the harness; rebuild it: ./xenloop image build --force",
    });
  }
}

/** A file did not arrive whole; the destination is as it was. */
export class TransferFailed extends XenloopError {
  constructor(what: string, reason: string) {
    super(`${what} fails: ${reason}`, { code: "TRANSFER_FAILED", kind: "infra" });
  }
}

/** The connection was refused, timed out, or broke before the command began. */
export class SshUnavailable extends XenloopError {
  constructor(destination: string, reason: string) {
    super(`ssh does not reach ${destination}: ${reason}`, {
      code: "SSH_UNAVAILABLE",
      kind: "infra",
      hint: "See in the host's serial console whether dom0 is up and ssh.service runs.",
    });
  }
}
