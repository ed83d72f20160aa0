import { readdir, realpath, unlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { formatBytes } from "../../config/bytes.ts";
import { reapWorkspaces } from "../../host/workspace.ts";
import { builderLease, BUILDERS } from "../../build/builder-root.ts";
import { PACKAGES_LEASE } from "../../image/host-rootfs.ts";
import { deadBootstraps } from "../../image/bootstrap-directory.ts";
import { removeEntries, withTemplates } from "../../image/prune.ts";
import { deadScratch, removeTree } from "../../image/scratch.ts";
import type { Store } from "../../image/store.ts";
import { treeSize } from "../../image/tree-size.ts";
import { sweepSocketDirs } from "../../machine/socket-dir.ts";
import type { CliContext } from "../context.ts";
import { entryWords, openStore, users } from "../image-store.ts";
import { pastRuns } from "../past-runs.ts";
import type { OptionsOf } from "../table.ts";
import { columns } from "../terminal.ts";
import type spec from "./clean.command.ts";

/** The link createRunDirectory() leaves beside the runs. */
const LATEST = "latest";

/** A line of what is gone, or would be; `kept` says why it is not. */
interface Swept {
  words: string[];
  bytes: number;
  kept?: string;
}

export async function run(ctx: CliContext, options: OptionsOf<typeof spec>): Promise<number> {
  const { dryRun, all, runs, images, packages } = options;
  const templates = options.templates || !(runs || images || packages);
  const { cache, runs: runsDirectory } = (await ctx.settings()).values;
  const store = await openStore(ctx);

  const swept = await leftovers(store, cache, dryRun);
  if (all || images || templates) {
    swept.push(...(await entries(store, all || images ? "images" : "templates", dryRun)));
  }
  if (all || images) swept.push(...(await builders(store, cache, dryRun)));
  if (all || packages) swept.push(...(await packageCache(store, cache, dryRun)));
  if (all || runs) swept.push(...(await results(runsDirectory, dryRun)));

  const rows = swept.map(({ words, bytes, kept }) => {
    const [kind = "", name = "", more = ""] = words;
    return [kind, name, more, formatBytes(bytes), kept === undefined ? "" : `kept: ${kept}`];
  });
  const freed = swept.reduce((sum, one) => sum + (one.kept === undefined ? one.bytes : 0), 0);
  ctx.stdout.write(`${columns(rows)}${dryRun ? "would free" : "freed"} ${formatBytes(freed)}\n`);
  return 0;
}

/** What processes that were killed left behind. */
async function leftovers(store: Store, cache: string, dryRun: boolean): Promise<Swept[]> {
  const work = await deadScratch(join(cache, "work"));
  const scratch = [
    ...(await store.leftovers()),
    ...(await deadScratch(join(cache, "scratch"))),
    ...(await deadScratch(join(cache, "packages"))),
    ...(await deadScratch(join(cache, BUILDERS))),
    ...(await deadBootstraps()),
  ];
  const swept: Swept[] = [];
  for (const path of [...work, ...scratch]) {
    const shown = path.startsWith(cache) ? relative(cache, path) : path;
    swept.push({ words: ["leftover", shown], bytes: (await treeSize(path)).allocated });
  }
  if (dryRun) return swept;
  await sweepSocketDirs();
  // With their machines.
  await reapWorkspaces(cache);
  for (const path of scratch) await removeTree(path);
  return swept;
}

async function entries(
  store: Store,
  what: "images" | "templates",
  dryRun: boolean,
): Promise<Swept[]> {
  const all = await store.list();
  const wanted = all.filter(({ kind }) => what === "images" || kind === "template");
  const ordered = new Set(wanted.flatMap((entry) => withTemplates(entry, all)));
  const { removed, inUse } = await removeEntries(store, [...ordered], { dryRun });
  return [
    ...removed.map((entry) => ({ words: entryWords(entry), bytes: entry.allocated })),
    ...inUse.map((entry) => ({
      words: entryWords(entry),
      bytes: entry.allocated,
      kept: users(entry.holders) || "in use",
    })),
  ];
}

/** Unpacked root file systems that patches are built in. */
async function builders(store: Store, cache: string, dryRun: boolean): Promise<Swept[]> {
  const parent = join(cache, BUILDERS);
  const swept: Swept[] = [];
  for (const key of (await readdir(parent).catch(() => [])).sort()) {
    if (key.includes(".")) continue;
    const { allocated: bytes } = await treeSize(join(parent, key));
    const words = ["builder", key.slice(0, 12)];
    const remove = () => removeTree(join(parent, key));
    const holders = await store.leases.holders(builderLease(key));
    const free = holders.length === 0;
    const gone = dryRun ? free : await store.leases.unlessHeld(builderLease(key), remove);
    swept.push({ words, bytes, ...(gone ? {} : { kept: users(holders) || "in use" }) });
  }
  return swept;
}

async function packageCache(store: Store, cache: string, dryRun: boolean): Promise<Swept[]> {
  const path = join(cache, "packages");
  const { allocated: bytes } = await treeSize(path);
  if (bytes === 0) return [];
  const words = ["packages", path];
  const holders = await store.leases.holders(PACKAGES_LEASE);
  if (holders.length > 0) return [{ words, bytes, kept: users(holders) }];
  if (dryRun) return [{ words, bytes }];
  const gone = await store.leases.unlessHeld(PACKAGES_LEASE, () => removeTree(path));
  return [{ words, bytes, ...(gone ? {} : { kept: "in use" }) }];
}

async function results(directory: string, dryRun: boolean): Promise<Swept[]> {
  const root = await realpath(directory).catch(() => undefined);
  if (root === undefined) return [];
  const swept: Swept[] = [];
  for (const { path, id, inUse } of await pastRuns(root)) {
    const { allocated: bytes } = await treeSize(path);
    const words = ["run", id];
    swept.push({ words, bytes, ...(inUse && { kept: "a process works in it" }) });
    if (!inUse && !dryRun) await removeTree(path);
  }
  if (!dryRun) await removeDeadLink(join(root, LATEST));
  return swept;
}

async function removeDeadLink(path: string): Promise<void> {
  try {
    await realpath(path);
  } catch {
    await unlink(path).catch(() => undefined);
  }
}
