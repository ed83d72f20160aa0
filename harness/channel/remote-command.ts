import { Readable } from "node:stream";
import { escalate, type Failure, watchLimits } from "./command-limits.ts";
import { CommandOutput } from "./command-output.ts";
import { ChannelLost, CommandStreamFailed } from "./errors.ts";
import type { StreamingExecOptions } from "./file-transfer.ts";
import {
  CreditFlag,
  type Frame,
  FrameType,
  MAX_PAYLOAD,
  StartFlag,
  u32,
  WINDOW,
} from "./frames.ts";
import type { ChannelLink } from "./channel-link.ts";
import { shq } from "./shell-quote.ts";
import { encodeStart } from "./start-request.ts";
import type { ExecResult } from "./transport.ts";

export interface ChannelExecOptions extends StreamingExecOptions {
  /** Survives the session; has no output. */
  detached?: boolean;
}

/** One command on the channel, from `start` to `exit`. */
export class RemoteCommand {
  readonly result: Promise<ExecResult>;
  readonly #link: ChannelLink;
  readonly #stream: number;
  readonly #argv: readonly string[];
  readonly #options: ChannelExecOptions;
  readonly #output: CommandOutput;
  #resolve!: (result: ExecResult) => void;
  #fail!: (error: unknown) => void;
  readonly #cleanups: (() => void)[] = [];
  #started = false;
  #settled = false;
  #failure: Failure | undefined;
  #stdinCredit = WINDOW;
  #stdinWanted = true;
  #wakePump: (() => void) | undefined;
  readonly #consumed = { stdout: 0, stderr: 0 };

  constructor(
    link: ChannelLink,
    stream: number,
    argv: readonly string[],
    options: ChannelExecOptions,
  ) {
    this.#link = link;
    this.#stream = stream;
    this.#argv = argv;
    this.#options = options;
    const { sink } = options;
    this.#output = new CommandOutput(argv, options, (failure) => this.#end(failure));
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#fail = reject;
    });
    this.#cleanups.push(watchLimits(argv, options, (failure) => this.#end(failure)));
    sink?.on("error", (error) => this.#streamFailed(error));
  }

  /** Does nothing when a deadline passed while the link was not ready. */
  start(): void {
    if (this.#settled) return;
    this.#started = true;
    const { input, detached = false } = this.#options;
    const flags = (input === undefined ? 0 : StartFlag.stdin) | (detached ? StartFlag.detached : 0);
    let payload = encodeStart(this.#argv, this.#options);
    for (; payload.length > MAX_PAYLOAD; payload = payload.subarray(MAX_PAYLOAD)) {
      const part = payload.subarray(0, MAX_PAYLOAD);
      this.#link.send(FrameType.start, this.#stream, part, flags | StartFlag.more);
    }
    this.#link.send(FrameType.start, this.#stream, payload, flags);
    if (input !== undefined) this.#pump(input).catch((error) => this.#streamFailed(error));
  }

  onFrame({ type, flags, payload }: Frame): void {
    if (type === FrameType.stdout) this.#takeStdout(payload);
    else if (type === FrameType.stderr) {
      this.#output.addStderr(payload);
      this.#give(this.#options.onStderr, payload);
      this.#grant("stderr", payload.length);
    } else if (type === FrameType.exit) this.#exit(payload.readUInt32BE());
    else if (type === FrameType.stdinEof) this.#stopInput();
    else if (type === FrameType.credit && flags === CreditFlag.stdin) {
      this.#stdinCredit += payload.readUInt32BE();
      this.#wakePump?.();
    }
  }

  /** One that has not started yet goes on waiting for the next session. */
  lost(reason: string, cause?: unknown): void {
    if (!this.#started) return;
    this.reject(new ChannelLost(`The outcome of ${shq(this.#argv)} is unknown`, reason, cause));
  }

  reject(error: unknown): void {
    if (this.#settled) return;
    this.#finish();
    this.#fail(error);
  }

  #takeStdout(chunk: Buffer): void {
    this.#output.addStdout(chunk);
    const { sink, onStdout } = this.#options;
    if (sink !== undefined) {
      sink.write(chunk, (error) => {
        if (!error) this.#grant("stdout", chunk.length);
      });
      return;
    }
    this.#give(onStdout, chunk);
    this.#grant("stdout", chunk.length);
  }

  #give(taker: ((chunk: Buffer) => void) | undefined, chunk: Buffer): void {
    try {
      taker?.(chunk);
    } catch (error) {
      this.#streamFailed(error);
    }
  }

  #grant(which: "stdout" | "stderr", bytes: number): void {
    this.#consumed[which] += bytes;
    if (this.#settled || this.#consumed[which] < WINDOW / 4) return;
    const credit = u32(this.#consumed[which]);
    this.#link.send(FrameType.credit, this.#stream, credit, CreditFlag[which]);
    this.#consumed[which] = 0;
  }

  async #pump(input: string | Uint8Array | Readable): Promise<void> {
    for await (const piece of input instanceof Readable ? input : [input]) {
      let bytes = Buffer.from(piece as string | Uint8Array);
      while (bytes.length > 0) {
        while (this.#stdinWanted && this.#stdinCredit === 0) await this.#moreCredit();
        if (!this.#stdinWanted) return;
        const part = bytes.subarray(0, Math.min(this.#stdinCredit, MAX_PAYLOAD));
        bytes = bytes.subarray(part.length);
        this.#stdinCredit -= part.length;
        if (!this.#link.send(FrameType.stdin, this.#stream, part)) await this.#link.drained();
      }
    }
    if (this.#stdinWanted) this.#link.send(FrameType.stdinEof, this.#stream);
  }

  async #moreCredit(): Promise<void> {
    await new Promise<void>((resolve) => (this.#wakePump = resolve));
  }

  #stopInput(): void {
    this.#stdinWanted = false;
    this.#wakePump?.();
    if (this.#options.input instanceof Readable) this.#options.input.destroy();
  }

  #streamFailed(error: unknown): void {
    // A source that was destroyed because nobody reads it any more reports that as an error.
    if (this.#stdinWanted) this.#end(() => new CommandStreamFailed(this.#argv, error));
  }

  /** Kills the process group; the command's end, or giving up on it, rejects. */
  #end(failure: Failure): void {
    if (this.#settled || this.#failure !== undefined) return;
    this.#failure = failure;
    this.#stopInput();
    if (!this.#started) return this.#giveUp(failure);
    const kill = (signal: number) => this.#link.send(FrameType.kill, this.#stream, u32(signal));
    this.#cleanups.push(escalate(kill, () => this.#giveUp(failure)));
  }

  #exit(exitCode: number): void {
    if (this.#failure !== undefined) return this.#giveUp(this.#failure);
    this.#finish();
    try {
      this.#resolve(this.#output.result(exitCode));
    } catch (error) {
      // In the socket's handler nobody would catch it, and the result would never come.
      this.#fail(error);
    }
  }

  #giveUp(failure: Failure): void {
    this.reject(failure(this.#output.lastLines()));
  }

  #finish(): void {
    this.#settled = true;
    this.#stopInput();
    for (const cleanup of this.#cleanups) cleanup();
  }
}
