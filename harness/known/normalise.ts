import { withoutTerminalCodes } from "../base/terminal-codes.ts";
import { MAC, UUID } from "../base/varying.ts";

const STAMP = /\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\b/g;
const SYSLOG = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+/gm;
const SINCE_BOOT = /^\[ *\d+\.\d+\]/gm;
const ADDRESS = /\b0x[0-9a-f]{5,}\b/gi;
const PID = /\b([\w.-]+)\[\d+\]/g;
// Domain 0 is always the same one.
const DOMAIN = /\b([Dd]omain|domid|dom) ?-?(?!0\b)\d+\b/g;

/** Text of a log without what differs from one time to the next, for patterns to match. */
export function normalise(text: string): string {
  return withoutTerminalCodes(text)
    .replace(/\r/g, "")
    .replace(STAMP, "TIME")
    .replace(SYSLOG, "TIME HOST")
    .replace(SINCE_BOOT, "[TIME]")
    .replace(UUID, "UUID")
    .replace(MAC, "MAC")
    .replace(ADDRESS, "ADDRESS")
    .replace(PID, "$1[PID]")
    .replace(DOMAIN, "$1 N");
}
