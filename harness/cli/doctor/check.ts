import type { CliContext } from "../context.ts";

export type CheckStatus = "ok" | "warn" | "fail";

export interface CheckResult {
  /** `warn`: xenloop runs, but slower or with less. `fail`: it does not run. */
  status: CheckStatus;
  /** What was found, one line. */
  detail: string;
  /** The command or edit that repairs it. */
  fix?: string;
}

export interface Check {
  /** Stable, for `--json`. */
  id: string;
  title: string;
  run(ctx: CliContext): Promise<CheckResult>;
}

export const ok = (detail: string): CheckResult => ({ status: "ok", detail });
export const warn = (detail: string, fix?: string): CheckResult => result("warn", detail, fix);
export const fail = (detail: string, fix?: string): CheckResult => result("fail", detail, fix);

function result(status: CheckStatus, detail: string, fix: string | undefined): CheckResult {
  return fix === undefined ? { status, detail } : { status, detail, fix };
}
