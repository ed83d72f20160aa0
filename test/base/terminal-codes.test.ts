import t from "tap";
import { withoutTerminalCodes } from "../../harness/base/terminal-codes.ts";

for (const [what, text, plain] of [
  ["colours", "\x1b[1;32mok\x1b[0m", "ok"],
  ["systemd's reset of a console", "\x1b[!p\x1b]104\x07\x1b[?7h", ""],
  ["character sets", "\x1b(Bready\x1b%G", "ready"],
  ["the cursor's shape", "\x1b[2 qlogin:", "login:"],
  ["what only looks alike", "[!p and [ 12.5] (B", "[!p and [ 12.5] (B"],
] as const) {
  t.equal(withoutTerminalCodes(text), plain, what);
}
