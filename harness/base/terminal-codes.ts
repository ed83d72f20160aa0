import { stripVTControlCharacters } from "node:util";

/** ECMA-48: parameter bytes, intermediate ones, and the final byte of a control sequence. */
const CONTROL_SEQUENCE = /\x1b\[[0-?]*[ -/]*[@-~]/g;
/** Such as the choice of a character set, `ESC ( B`. */
const ESCAPE_SEQUENCE = /\x1b[ -/]+[0-~]/g;

/** Text without what only moves, colours or resets a terminal; Node's own leaves `ESC [ ! p`. */
export function withoutTerminalCodes(text: string): string {
  return stripVTControlCharacters(text.replace(CONTROL_SEQUENCE, "").replace(ESCAPE_SEQUENCE, ""));
}
