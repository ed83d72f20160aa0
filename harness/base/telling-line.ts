/** From the surest sign of what went wrong to the vaguest. */
const SIGNS: readonly RegExp[] = [
  /Panic on CPU|Kernel panic|kernel BUG at|Xen BUG at|Assertion '.*' failed|BUG: unable to handle/i,
  /\bOops\b|general protection fault|Out of memory|oom-kill|blocked for more than|soft lockup/i,
  /domain_crash|Domain \d+ (?:\(.*\) )?crashed|Hardware Dom0|triple fault|ALERT!|emergency mode/i,
  /libxl: error|internal error|qemu-system\S*: |\berror :/i,
  /\b(?:fatal|panic|segfault|aborted|denied|refused)\b/i,
  /\b(?:errors?|fail(?:s|ed|ure)?|cannot|unable|timed out|not found)\b/i,
];

/** A console line longer than this is data, not a message. */
const LINE_LIMIT = 2_000;

/**
 * Index of the line of a console that tells most of what went wrong: the first with the surest
 * sign. Undefined when none has any.
 */
export function tellingLine(lines: readonly string[]): number | undefined {
  for (const sign of SIGNS) {
    const at = lines.findIndex((line) => sign.test(line.slice(0, LINE_LIMIT)));
    if (at !== -1) return at;
  }
  return undefined;
}
