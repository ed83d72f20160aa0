import { packageOf } from "./process-packages.ts";
import { XenloopError } from "./error.ts";

/** How a process ended: an exit code, or the signal that killed it. */
export interface ProcessExit {
  code: number | undefined;
  signal: NodeJS.Signals | undefined;
}

/** A program is not on this machine's PATH. */
export class ToolMissing extends XenloopError {
  constructor(
    readonly program: string,
    options: { cause?: unknown } = {},
  ) {
    const debianPackage = packageOf(program);
    super(`The program ${program} is not installed.`, {
      code: "TOOL_MISSING",
      kind: "infra",
      hint:
        debianPackage === undefined
          ? `Install ${program}, or add its directory to PATH.`
          : `sudo apt-get install ${debianPackage}`,
      ...options,
    });
  }
}

/** A program ran and said no, or died of a signal. */
export class ToolFailed extends XenloopError {
  constructor(
    readonly argv: readonly string[],
    readonly exit: ProcessExit,
    /** The last lines of its standard error, without blank ones. */
    readonly stderrTail: readonly string[],
    options: { cause?: unknown } = {},
  ) {
    const said = stderrTail.length > 0 ? `: ${stderrTail.join(" | ")}` : ".";
    super(`${argv[0]} ${describeExit(exit)}${said}`, {
      code: "TOOL_FAILED",
      kind: "infra",
      hint: `Run it by hand: ${quoteArgv(argv)}`,
      ...options,
    });
  }
}

/** A program did not end in time; its process group has been killed. */
export class ToolTimeout extends XenloopError {
  constructor(
    readonly argv: readonly string[],
    readonly timeoutMs: number,
    readonly stderrTail: readonly string[],
  ) {
    const said = stderrTail.length > 0 ? ` Its last words: ${stderrTail.join(" | ")}` : "";
    super(`${argv[0]} does not end within ${timeoutMs / 1000} s and is killed.${said}`, {
      code: "TOOL_TIMEOUT",
      kind: "infra",
      hint: `Run it by hand: ${quoteArgv(argv)}`,
    });
  }
}

export function describeExit({ code, signal }: ProcessExit): string {
  if (signal !== undefined) return `is killed by ${signal}`;
  return code === undefined ? "cannot be started" : `exits with status ${code}`;
}

/** A command line a person can paste into a POSIX shell. */
export function quoteArgv(argv: readonly string[]): string {
  return argv
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}

/** The last `count` lines that say something. */
export function lastLines(text: string, count = 5): string[] {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== "")
    .slice(-count);
}
