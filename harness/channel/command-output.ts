import type { Failure } from "./command-limits.ts";
import { CommandOutputTooLong } from "./errors.ts";
import type { StreamingExecOptions } from "./file-transfer.ts";
import type { ExecResult } from "./transport.ts";

const TAIL_BYTES = 2048;
const TAIL_LINES = 5;
/** Of one stream: one without end must not fill this process, nor be too long for a string. */
const MOST_MIB = 64;

/** One stream: all of it, or the chunk that came last. */
class Stream {
  #keeps: boolean;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  /** False when it gets longer than is kept, once. */
  add(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    const isTooLong = this.#keeps && this.#bytes > MOST_MIB * 2 ** 20;
    if (isTooLong) this.#keeps = false;
    if (this.#keeps) this.#chunks.push(chunk);
    else this.#chunks = [chunk];
    return !isTooLong;
  }

  kept(): Buffer {
    return this.#keeps ? this.latest() : Buffer.alloc(0);
  }

  latest(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

/** What a command has printed so far, for its result or for the error that ends it. */
export class CommandOutput {
  readonly #argv: readonly string[];
  readonly #exceed: (failure: Failure) => void;
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  readonly #startedAt = performance.now();

  /**
   * What somebody takes as it comes is not kept. `exceed` is called when there is more of the rest
   * than is kept: the command has to be ended.
   */
  constructor(
    argv: readonly string[],
    { onStdout, sink, onStderr }: StreamingExecOptions,
    exceed: (failure: Failure) => void,
  ) {
    this.#argv = argv;
    this.#exceed = exceed;
    this.#stdout = new Stream(onStdout === undefined && sink === undefined);
    this.#stderr = new Stream(onStderr === undefined);
  }

  addStdout(chunk: Buffer): void {
    if (!this.#stdout.add(chunk)) this.#tooLong("standard output");
  }

  addStderr(chunk: Buffer): void {
    if (!this.#stderr.add(chunk)) this.#tooLong("standard error");
  }

  result(exitCode: number): ExecResult {
    const stdoutBytes = this.#stdout.kept();
    return {
      stdout: stdoutBytes.toString(),
      stderr: this.#stderr.kept().toString(),
      stdoutBytes,
      exitCode,
      ms: performance.now() - this.#startedAt,
    };
  }

  /** The last lines of standard output, then of standard error. */
  lastLines(): string {
    return [this.#stdout.latest(), this.#stderr.latest()]
      .map((bytes) => bytes.subarray(-TAIL_BYTES).toString().trimEnd().split("\n"))
      .flatMap((lines) => lines.slice(-TAIL_LINES))
      .filter((line) => line !== "")
      .join("\n");
  }

  #tooLong(stream: string): void {
    const argv = this.#argv;
    this.#exceed((lastLines) => new CommandOutputTooLong(argv, stream, MOST_MIB, lastLines));
  }
}
