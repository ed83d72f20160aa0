import type { CellStatus } from "../../harness/events/status.ts";
import { duration } from "../terminal/style.ts";
import { html, type Markup } from "./markup.ts";

/** A status is told by its sign and its word; the colour only repeats them. */
export const SIGNS: Readonly<Record<CellStatus, { sign: string; word: string }>> = {
  failed: { sign: "✖", word: "failed" },
  timedout: { sign: "◔", word: "timed out" },
  error: { sign: "!", word: "error" },
  interrupted: { sign: "■", word: "interrupted" },
  flaky: { sign: "≈", word: "flaky" },
  passed: { sign: "✔", word: "passed" },
  skipped: { sign: "–", word: "skipped" },
};

/** What needs somebody first. */
export const BY_URGENCY = Object.keys(SIGNS) as CellStatus[];

export function badge(status: CellStatus): Markup {
  const { sign, word } = SIGNS[status];
  return html`<span class="badge s-${status}"><b aria-hidden="true">${sign}</b> ${word}</span>`;
}

/** `0.2s`, `1m32s`; nothing for what took no time, such as a skipped cell. */
export function took(ms: number): string {
  return ms > 0 ? duration(ms) : "";
}
