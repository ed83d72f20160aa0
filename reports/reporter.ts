import type { RunResult } from "../harness/events/result.ts";
import type { RunEvent } from "../harness/events/schema.ts";

/** A consumer of the event stream. It learns about the run from events and the result alone. */
export interface Reporter {
  readonly printsToTerminal: boolean;
  onEvent(event: RunEvent): void;
  /** Called once, after the last event. */
  finish(result: RunResult): void | Promise<void>;
}

/** The part of a terminal or pipe that reporters use. */
export interface TerminalStream extends NodeJS.WritableStream {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

export interface ReporterOptions {
  /** The file to write; undefined when the report goes to `stdout`. */
  path: string | undefined;
  stdout: TerminalStream;
  env: Readonly<Record<string, string | undefined>>;
  /** The run directory, absolute: paths of evidence start there. */
  runDir: string;
  /** The run directory as the user would type it, such as `runs/latest`. */
  shownDir: string;
  /** The files that all chosen reporters write, as the user would type them. */
  shownFiles: readonly string[];
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Milliseconds between two signs of life when `stdout` is not a terminal. */
  heartbeatMs: number;
}

/** The default export of each file in reports/reporters/. */
export interface ReporterDefinition {
  /** The word behind `--reporter`, and the name of the file. */
  name: string;
  /** One line for `--help`. */
  summary: string;
  takesPath: "required" | "optional" | "none";
  /** Below the run directory. A reporter with neither this nor a path prints to the terminal. */
  defaultPath?: string;
  create(options: ReporterOptions): Reporter | Promise<Reporter>;
}
