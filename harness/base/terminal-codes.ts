import { stripVTControlCharacters } from "node:util";

/** ECMA-48: parameter bytes, intermediate ones, and the final byte of a control sequence. */
const CONTROL_SEQUENCE = /\x1b\[[0-?]*[ -/]*[@-~]/g;
/** Such as the choice of a character set, `ESC ( B`. */
const ESCAPE_SEQUENCE = /\x1b[ -/]+[0-~]/g;

const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text of unknown origin as a terminal may be given it: it can do nothing there but be read. */
export function printable(text: string): string {
  return withoutTerminalCodes(text).replace(CONTROL_CHARACTERS, "");
}

/** Text without what only moves, colours or resets a terminal; Node's own leaves `ESC [ ! p`. */
export function withoutTerminalCodes(text: string): string {
  return stripVTControlCharacters(text.replace(CONTROL_SEQUENCE, "").replace(ESCAPE_SEQUENCE, ""));
}
