import type { StreamingExecOptions } from "./file-transfer.ts";
import type { ExecResult } from "./transport.ts";

const TAIL_BYTES = 2048;
const TAIL_LINES = 5;

/** One stream: all of it, or the chunk that came last. */
class Stream {
  readonly #keeps: boolean;
  #chunks: Buffer[] = [];

  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  add(chunk: Buffer): void {
    if (this.#keeps) this.#chunks.push(chunk);
    else this.#chunks = [chunk];
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
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  readonly #startedAt = performance.now();

  /** What somebody takes as it comes is not kept. */
  constructor({ onStdout, sink, onStderr }: StreamingExecOptions) {
    this.#stdout = new Stream(onStdout === undefined && sink === undefined);
    this.#stderr = new Stream(onStderr === undefined);
  }

  addStdout(chunk: Buffer): void {
    this.#stdout.add(chunk);
  }

  addStderr(chunk: Buffer): void {
    this.#stderr.add(chunk);
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
}
