import { printable } from "../base/terminal-codes.ts";
import type { SandboxResult } from "./sandbox.ts";

/**
 * From the surest sign of a failed build to the vaguest; the first line of the surest counts. Each
 * begins where a line does and takes time linear in it: a build may print whatever it likes.
 */
const SIGNS: readonly RegExp[] = [
  /^(.+?:\d+:\d+: (?:fatal )?error: .+)$/m,
  /^(.+?:\d+:\d+: ERROR: .+)$/m,
  /^(?:\S*\/)?(?:ld|collect2)(?:\.\w+)?: (.*(?:undefined reference|multiple definition|error).*)$/m,
  /^(.*undefined reference to .+)$/m,
  /^(ninja: error: .+)$/m,
  /^(ERROR: .+)$/m,
  /^(\S+Error: .+)$/m,
  /^(dpkg-source: error: .+|tar: .+)$/m,
  /^(FAILED: .+)$/m,
  /^make(?:\[\d+\])?: \*\*\* (.+)$/m,
];

const LONGEST = 240;
const GIVES_UP = "patch: **** ";

/** Why a step of a build failed, in one line; undefined when it did not. */
export function failureOfStep(result: SandboxResult, said: string): string | undefined {
  if (result.exceeded) return result.exceeded.detail;
  if (result.exitCode === 0) return undefined;
  return firstError(said) ?? `it ends with status ${result.exitCode ?? "unknown"}`;
}

/** The first error that compiler, linker or build system print. */
export function firstError(said: string): string | undefined {
  for (const sign of SIGNS) {
    // As from the root of the source, not from the folder of the build beside it.
    const line = sign.exec(said)?.[1];
    if (line === undefined) continue;
    const found = printable(line)
      .trim()
      .replace(/^\.\.\/src\//, "");
    return found.length > LONGEST ? `${found.slice(0, LONGEST)}…` : found;
  }
  return undefined;
}

/** What `patch` says where it leaves a change out, beside hunks. */
const LEFT_OUT =
  /dangerous file name|refusing to patch| -- skipping patch|git binary diffs are not supported/;

/** Why `patch` refused: which hunk of which file. */
export function refusedHunk(said: string): string {
  return printable(whyRefused(said));
}

function whyRefused(said: string): string {
  let file = "";
  for (const line of said.split("\n")) {
    file = /^(?:patching|checking) file (.+)$/.exec(line)?.[1] ?? file;
    const [, hunk, at] = /^Hunk #(\d+) (?:FAILED|ignored) at (\d+)/.exec(line) ?? [];
    if (hunk !== undefined) return `hunk ${hunk} of ${file} fails at line ${at}`;
    if (/^Reversed \(or previously applied\)/.test(line)) return `${file} has it already`;
    const lost = /^\|(?:\+\+\+|---) (?!\/dev\/null)(?:[^\s/]+\/)?(\S+)/.exec(line)?.[1];
    if (lost !== undefined && /can't find file to patch/.test(said)) return `there is no ${lost}`;
    if (LEFT_OUT.test(line)) return line.trim();
    if (line.startsWith(GIVES_UP)) return line.slice(GIVES_UP.length);
  }
  return said.trim().split("\n").at(-1) || "patch gives no reason";
}
