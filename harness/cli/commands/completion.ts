import { bashCompletion } from "../completion/bash.ts";
import { completionWords } from "../completion/words.ts";
import { fishCompletion } from "../completion/fish.ts";
import { zshCompletion } from "../completion/zsh.ts";
import type { CliContext } from "../context.ts";
import { loadCommandSpecs } from "../registry.ts";

const SHELLS: Record<string, typeof bashCompletion> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export async function run(
  ctx: CliContext,
  _options: unknown,
  [shell = ""]: readonly string[],
): Promise<number> {
  const words = completionWords(await loadCommandSpecs());
  ctx.stdout.write(SHELLS[shell]!(words));
  return 0;
}
