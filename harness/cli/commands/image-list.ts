import { join } from "node:path";
import { formatBytes } from "../../config/bytes.ts";
import type { StoreListing } from "../../image/store.ts";
import { add, treeSize } from "../../image/tree-size.ts";
import type { CliContext } from "../context.ts";
import { age, entryWords, openStore, sizeOf, users } from "../image-store.ts";
import type { OptionsOf } from "../table.ts";
import { columns } from "../terminal.ts";
import type spec from "./image.command.ts";

export async function run(
  ctx: CliContext,
  options: OptionsOf<(typeof spec)["subcommands"][1]>,
): Promise<number> {
  const { cache, storeBudget } = (await ctx.settings()).values;
  const store = await openStore(ctx);
  const entries = await store.list();
  const total = entries.reduce((sum, entry) => add(sum, entry), { bytes: 0, allocated: 0 });
  const packages = await treeSize(join(cache, "packages"));
  if (options.json) {
    const report = {
      version: 1,
      store: store.root,
      budgetBytes: storeBudget,
      allocatedBytes: total.allocated,
      packagesBytes: packages.bytes,
      entries: entries.map(describe),
    };
    ctx.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return 0;
  }
  const head = ["KIND", "HOST", "KEY", "SIZE", "ON DISK", "AGE", "LAST USED", ""];
  const rows = entries.map((entry) => [
    ...entryWords(entry),
    formatBytes(entry.bytes),
    sizeOf(entry),
    entry.created === undefined ? "-" : age(new Date(entry.created)),
    `${age(entry.lastUsed)} ago`,
    entry.damage === undefined ? users(entry.holders) : "damaged",
  ]);
  if (rows.length > 0) ctx.stdout.write(`${columns([head, ...rows])}\n`);
  ctx.stdout.write(
    `${sizeOf(total)} of ${formatBytes(storeBudget)} in ${store.root}\n` +
      `${sizeOf(packages)} of Debian packages\n`,
  );
  return 0;
}

function describe(entry: StoreListing) {
  const { kind, host, key, digest, created, lastUsed, bytes, allocated, holders, damage } = entry;
  return {
    kind,
    host: host ?? null,
    key,
    digest: digest ?? null,
    created: created ?? null,
    lastUsed: lastUsed.toISOString(),
    bytes,
    allocatedBytes: allocated,
    usedBy: holders,
    damage: damage ?? null,
  };
}
