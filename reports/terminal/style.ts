import { styleText } from "node:util";
import type { CellStatus } from "../../harness/events/status.ts";
import type { ReporterOptions } from "../reporter.ts";

type Format = Parameters<typeof styleText>[0];

/** Colours text, or leaves it as it is. */
export type Paint = (format: Format, text: string) => string;

/** Honours FORCE_COLOR first, then NO_COLOR and TERM=dumb, then whether it is a terminal. */
export function painter({ stdout, env }: Pick<ReporterOptions, "stdout" | "env">): Paint {
  if (!wantsColour(stdout.isTTY === true, env)) return (_format, text) => text;
  return (format, text) => styleText(format, text, { validateStream: false });
}

function wantsColour(isTTY: boolean, env: ReporterOptions["env"]): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = env;
  if (force !== undefined) return force !== "0" && force !== "false";
  return isTTY && !no && term !== "dumb";
}

/** How a status looks; `word` follows a number in the summary. */
export const LOOK: Record<CellStatus, { mark: string; word: string; format: Format }> = {
  passed: { mark: "✔", word: "passed", format: "green" },
  flaky: { mark: "≈", word: "flaky", format: "yellow" },
  failed: { mark: "✖", word: "failed", format: "red" },
  timedout: { mark: "✖", word: "timed out", format: "red" },
  error: { mark: "!", word: "error", format: "magenta" },
  skipped: { mark: "-", word: "skipped", format: "yellow" },
  interrupted: { mark: "■", word: "interrupted", format: "yellow" },
};

/** `3.2s`, `42s`, `1m32s`, `1h02m`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes < 60) return `${minutes}m${String(rest).padStart(2, "0")}s`;
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, "0")}m`;
}
