import type { ExecResult } from "./transport.ts";

const TAIL_BYTES = 2048;
const TAIL_LINES = 5;

/** What a command has printed so far, for its result or for the error that ends it. */
export class CommandOutput {
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  readonly #startedAt = performance.now();
  readonly #keepStdout: boolean;
  #last: Buffer = Buffer.alloc(0);

  constructor(options: { keepStdout: boolean }) {
    this.#keepStdout = options.keepStdout;
  }

  addStdout(chunk: Buffer): void {
    if (this.#keepStdout) this.#stdout.push(chunk);
    this.#last = chunk;
  }

  addStderr(chunk: Buffer): void {
    this.#stderr.push(chunk);
  }

  result(exitCode: number): ExecResult {
    const stdoutBytes = Buffer.concat(this.#stdout);
    return {
      stdout: stdoutBytes.toString(),
      stderr: Buffer.concat(this.#stderr).toString(),
      stdoutBytes,
      exitCode,
      ms: performance.now() - this.#startedAt,
    };
  }

  /** The last lines of standard output, then of standard error. */
  lastLines(): string {
    const stdout = this.#keepStdout ? Buffer.concat(this.#stdout) : this.#last;
    return [stdout, Buffer.concat(this.#stderr)]
      .map((bytes) => bytes.subarray(-TAIL_BYTES).toString().trimEnd().split("\n"))
      .flatMap((lines) => lines.slice(-TAIL_LINES))
      .filter((line) => line !== "")
      .join("\n");
  }
}
