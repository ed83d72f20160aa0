import type { CellStatus } from "./status.ts";

export type ExitName =
  "passed" | "failed" | "error" | "nothing-ran" | "all-skipped" | "usage" | "interrupted";

export interface ExitCode {
  code: number;
  name: ExitName;
  meaning: string;
}

/** The exit codes of every command; `--help` and the manual are generated from this table. */
export const EXIT_CODES: readonly ExitCode[] = [
  { code: 0, name: "passed", meaning: "every scenario that ran passed" },
  { code: 1, name: "failed", meaning: "a scenario failed or timed out" },
  { code: 2, name: "error", meaning: "infrastructure or harness error" },
  { code: 3, name: "nothing-ran", meaning: "nothing ran: no scenario matches" },
  { code: 4, name: "all-skipped", meaning: "every scenario was skipped" },
  { code: 64, name: "usage", meaning: "wrong usage or configuration" },
  { code: 130, name: "interrupted", meaning: "interrupted by a signal" },
];

/**
 * What the cells of a run come to. An interrupted run proves nothing, so that goes
 * first; a scenario that failed goes before an error, because it is news about Xen or
 * libvirt that must not hide behind a host that did not come up.
 */
export function exitNameOf(statuses: readonly CellStatus[]): ExitName {
  const has = (...wanted: CellStatus[]) => statuses.some((status) => wanted.includes(status));
  if (statuses.length === 0) return "nothing-ran";
  if (has("interrupted")) return "interrupted";
  if (has("failed", "timedout")) return "failed";
  if (has("error")) return "error";
  return has("passed", "flaky") ? "passed" : "all-skipped";
}

export function exitCode(name: ExitName): number {
  return EXIT_CODES.find((entry) => entry.name === name)!.code;
}

export function exitCodeOf(statuses: readonly CellStatus[]): number {
  return exitCode(exitNameOf(statuses));
}
