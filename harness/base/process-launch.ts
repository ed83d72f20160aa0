import { ToolMissing } from "./process-errors.ts";
import { findProgram } from "./process-path.ts";

export interface LaunchOptions {
  cwd?: string;
  /** Added to this process's environment; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
}

/** The program and arguments to spawn for an argv, and the settings every child shares. */
export function prepareLaunch(
  argv: readonly string[],
  { cwd, env }: LaunchOptions,
  deathSignal: "SIGTERM" | "SIGKILL",
) {
  const [program = "", ...args] = argv;
  const file = findProgram(program, env?.PATH ?? process.env.PATH);
  if (file === undefined) throw new ToolMissing(program);
  const [command = file, ...words] = [...dieWithParent(deathSignal), file, ...args];
  const settings = {
    detached: true,
    cleanup: false,
    reject: false,
    // Messages are reported and sometimes read, so they are not translated.
    env: { LC_ALL: "C.UTF-8", ...env },
    ...(cwd === undefined ? {} : { cwd }),
  } as const;
  return { command, words, settings };
}

/**
 * Words to put before an argv so that the kernel signals the program when this process
 * dies, even of SIGKILL, where no exit hook runs. Empty where setpriv is missing.
 */
function dieWithParent(signal: "SIGTERM" | "SIGKILL"): string[] {
  setpriv ??= findProgram("setpriv") ?? "";
  return setpriv === "" ? [] : [setpriv, "--pdeathsig", signal.slice(3), "--"];
}
let setpriv: string | undefined;
