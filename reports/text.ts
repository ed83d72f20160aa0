import { withoutTerminalCodes } from "../harness/base/terminal-codes.ts";

/** What a console may hold and a report may not: control bytes other than tab and newline. */
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f]/g;

/** Text of any origin, without colours, cursor movements and other control characters. */
export function plainText(text: string): string {
  return withoutTerminalCodes(text)
    .replace(/\r\n?/g, "\n")
    .replace(CONTROL, "")
    .replace(/\p{Surrogate}/gu, "\ufffd");
}

/** The same on one line, cut to `max` characters. */
export function plainLine(text: string, max = 240): string {
  // Cut before the work, or one endless console line would cost seconds.
  const line = plainText(text.slice(0, max * 8))
    .trimEnd()
    .replace(/\n/g, " ");
  return line.length > max || text.length > max * 8 ? `${line.slice(0, max - 1)}…` : line;
}

/** Marks that reorder what is read: the text around them would not be what it seems. */
const REORDERING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The same text with such marks shown instead of obeyed. */
export function withoutReordering(text: string): string {
  return text.replace(REORDERING, (mark) => `⟨U+${mark.charCodeAt(0).toString(16).toUpperCase()}⟩`);
}
