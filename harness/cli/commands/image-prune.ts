import { formatBytes } from "../../config/bytes.ts";
import { pruneStore } from "../../image/prune.ts";
import { add } from "../../image/tree-size.ts";
import type { CliContext } from "../context.ts";
import { age, entryWords, openStore, sizeOf, users } from "../image-store.ts";
import type { OptionsOf } from "../table.ts";
import { columns } from "../terminal.ts";
import type spec from "./image.command.ts";

export async function run(
  ctx: CliContext,
  options: OptionsOf<(typeof spec)["subcommands"][4]>,
): Promise<number> {
  const { storeBudget } = (await ctx.settings()).values;
  const store = await openStore(ctx);
  const { dryRun } = options;
  const { removed, inUse } = await pruneStore(store, { budget: storeBudget, dryRun });
  ctx.stdout.write(
    columns([
      ...removed.map((entry) => [
        ...entryWords(entry),
        sizeOf(entry),
        `used ${age(entry.lastUsed)} ago`,
      ]),
      ...inUse.map((entry) => [
        ...entryWords(entry),
        sizeOf(entry),
        `kept: ${users(entry.holders)}`,
      ]),
    ]),
  );
  const freed = sizeOf(removed.reduce((sum, one) => add(sum, one), { bytes: 0, allocated: 0 }));
  const budget = `the budget is ${formatBytes(storeBudget)}`;
  ctx.stdout.write(`${dryRun ? "would free" : "freed"} ${freed}; ${budget}\n`);
  return 0;
}
