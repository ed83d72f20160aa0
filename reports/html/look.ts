import type { CellStatus } from "../../harness/events/status.ts";
import { duration, LOOK } from "../terminal/style.ts";
import { html, type Markup } from "./markup.ts";

/** In order of urgency: what needs somebody first. */
const SIGN: Readonly<Record<CellStatus, string>> = {
  failed: LOOK.failed.mark,
  // Beside colour, signs alone must differ here.
  timedout: "◔",
  error: LOOK.error.mark,
  interrupted: LOOK.interrupted.mark,
  flaky: LOOK.flaky.mark,
  passed: LOOK.passed.mark,
  skipped: "–",
};

export const BY_URGENCY = Object.keys(SIGN) as CellStatus[];

/** A status is told by its sign and its word; the colour only repeats them. */
export const SIGNS = Object.fromEntries(
  BY_URGENCY.map((status) => [status, { sign: SIGN[status], word: LOOK[status].word }]),
) as Readonly<Record<CellStatus, { sign: string; word: string }>>;

export function badge(status: CellStatus): Markup {
  const { sign, word } = SIGNS[status];
  return html`<span class="badge s-${status}"><b aria-hidden="true">${sign}</b> ${word}</span>`;
}

/** `0.2s`, `1m32s`; nothing for what took no time, such as a skipped cell. */
export function took(ms: number): string {
  return ms > 0 ? duration(ms) : "";
}
