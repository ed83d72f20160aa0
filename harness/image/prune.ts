import type { Store, StoreListing } from "./store.ts";

export interface Removal {
  /** Removed, or to be removed in a dry run. */
  removed: StoreListing[];
  /** Kept only because a process uses them. */
  inUse: StoreListing[];
}

export interface PruneOptions {
  /** Bytes on the disk that the store may take. */
  budget: number;
  dryRun?: boolean;
}

/** Removes the least recently used entries until the store fits its budget. */
export async function pruneStore(store: Store, options: PruneOptions): Promise<Removal> {
  const all = await store.list();
  let total = all.reduce((sum, { allocated }) => sum + allocated, 0);
  const oldestFirst = all.toSorted((a, b) => a.lastUsed.getTime() - b.lastUsed.getTime());
  const result: Removal = { removed: [], inUse: [] };
  for (const entry of oldestFirst) {
    if (total <= options.budget) break;
    if (result.removed.includes(entry)) continue;
    const group = withTemplates(entry, all).filter((one) => !result.removed.includes(one));
    const { removed, inUse } = await removeEntries(store, group, options);
    total -= removed.reduce((sum, { allocated }) => sum + allocated, 0);
    result.removed.push(...removed);
    result.inUse.push(...inUse);
  }
  return result;
}

/** Removes entries that no process uses; an image takes its templates along. */
export async function removeEntries(
  store: Store,
  entries: readonly StoreListing[],
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<Removal> {
  const result: Removal = { removed: [], inUse: [] };
  for (const entry of entries) {
    const gone = dryRun
      ? entry.holders.length === 0
      : await store.removeUnused(entry.kind, entry.key);
    (gone ? result.removed : result.inUse).push(entry);
  }
  return result;
}

/** A template's disk lies over its image's: without that it is of no use. */
export function withTemplates(entry: StoreListing, all: readonly StoreListing[]): StoreListing[] {
  if (entry.kind !== "host") return [entry];
  return [
    ...all.filter((other) => other.kind === "template" && imageOf(other) === entry.key),
    entry,
  ];
}

function imageOf({ inputs }: StoreListing): string | undefined {
  return (inputs as { image?: string } | undefined)?.image;
}
