import { createInterface } from "node:readline/promises";
import type { CliContext } from "./context.ts";

/** Asks whether scenarios may run beside somebody else's guests; without a terminal, nobody says yes. */
export async function mayShare(
  ctx: CliContext,
  yes: boolean,
  host: string,
  guests: readonly string[],
): Promise<boolean> {
  if (yes) return true;
  if (process.stdin.isTTY !== true || ctx.stderr.isTTY !== true) return false;
  const dialogue = createInterface({ input: process.stdin, output: ctx.stderr });
  const question = `${host} runs guests that are not of this run: ${guests.join(", ")}\nRun scenarios beside them? [y/N] `;
  try {
    return /^y(es)?$/i.test((await dialogue.question(question, { signal: ctx.signal })).trim());
  } finally {
    dialogue.close();
  }
}
