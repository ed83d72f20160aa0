import type { Readable, Writable } from "node:stream";

export interface ExecOptions {
  /** Bytes for the command's standard input; closed at once when absent. */
  input?: string | Uint8Array | Readable;
  /** Milliseconds; past them the remote process group is killed and `CommandTimeout` thrown. */
  timeoutMs?: number;
  /** Kills the remote process group. */
  signal?: AbortSignal;
  env?: Record<string, string>;
  cwd?: string;
  /** Called for each chunk as it comes; the result's stdout is then empty. */
  onStdout?: (chunk: Buffer) => void;
  /** The same for standard error. */
  onStderr?: (chunk: Buffer) => void;
}

export interface ExecResult {
  stdout: string;
  stderr: string;
  stdoutBytes: Buffer;
  /** Exit status; 128 + signal number when a signal ended it. */
  exitCode: number;
  ms: number;
}

/** What ends a transfer early; the deadline is for each of its steps. */
export type TransferLimits = Pick<ExecOptions, "timeoutMs" | "signal">;

/** Runs commands and moves files in a booted host. Implementations: virtio-serial channel, ssh. */
export interface Transport {
  readonly kind: "channel" | "ssh";
  /**
   * Argv goes to exec, never through a shell. Resolves whatever the exit status. More than 64 MiB
   * on a stream that nobody takes as it comes end the command with `CommandOutputTooLong`.
   */
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** Streams with flat memory, written to a temporary name and renamed. */
  upload(source: Readable, path: string, mode?: number, limits?: TransferLimits): Promise<void>;
  download(path: string, sink: Writable, limits?: TransferLimits): Promise<void>;
  close(): Promise<void>;
}
