import { CellTwice } from "./errors.ts";
import type { ShardRun } from "./shard-runs.ts";

/** What makes the shards parts of different runs, in sentences; empty when they fit together. */
export function differencesOf(shards: readonly ShardRun[]): string[] {
  return [
    ...differing("harness commit", shards, ({ result: { run } }) =>
      run.commit === undefined ? run.harness : `${run.harness} ${run.commit}`,
    ),
    ...differing("plan", shards, ({ result }) => result.run.plan),
    ...lockDifferences(shards),
    ...scenarioDifferences(shards),
  ];
}

/** Shards of `i/n` that are not among the runs. */
export function missingShards(shards: readonly ShardRun[]): string[] {
  const there = new Set(shards.flatMap(({ result }) => result.run.shard ?? []));
  const counts = new Set([...there].map((shard) => Number(shard.split("/")[1])));
  return [...counts].flatMap((count) =>
    Array.from({ length: count }, (_, i) => `${i + 1}/${count}`).filter((each) => !there.has(each)),
  );
}

/** @throws CellTwice */
export function refuseRepeatedCells(shards: readonly ShardRun[]): void {
  const seen = new Map<string, string>();
  for (const { directory, result } of shards) {
    for (const { id } of result.cells) {
      const other = seen.get(id);
      if (other !== undefined) throw new CellTwice(id, other, directory);
      seen.set(id, directory);
    }
  }
}

/** A host that several shards ran must come from one lock; an unpinned one cannot be compared. */
function lockDifferences(shards: readonly ShardRun[]): string[] {
  const hosts = new Set(shards.flatMap(hostsOf));
  return [...hosts].flatMap((host) => {
    const using = shards.filter((shard) => hostsOf(shard).includes(host));
    const lockOf = ({ result }: ShardRun) => result.run.locks?.[host];
    const unpinned = using.filter((shard) => lockOf(shard) === undefined);
    if (using.length > 1 && unpinned.length > 0) {
      const names = unpinned.map(nameOf).join(", ");
      return [`${host} is not pinned by a lock in ${names}: each may have other packages`];
    }
    return differing(`lock of ${host}`, using, lockOf);
  });
}

/** A scenario that several shards ran must be the same file: a commit may hide an edit. */
function scenarioDifferences(shards: readonly ShardRun[]): string[] {
  const ids = new Set(shards.flatMap(({ result: { run } }) => Object.keys(run.scenarios ?? {})));
  return [...ids].flatMap((id) => {
    const digestOf = ({ result: { run } }: ShardRun) => run.scenarios?.[id];
    const using = shards.filter((shard) => digestOf(shard) !== undefined);
    return differing(`code of ${id}`, using, digestOf);
  });
}

/** Hosts of cells that ran. */
function hostsOf({ result }: ShardRun): string[] {
  return [
    ...new Set(result.cells.filter(({ attempts }) => attempts.length > 0).map(({ host }) => host)),
  ];
}

/** One sentence where the values are not all the same. */
export function differing(
  what: string,
  shards: readonly ShardRun[],
  valueOf: (shard: ShardRun) => string | undefined,
): string[] {
  const groups = new Map<string, string[]>();
  for (const shard of shards) {
    const value = valueOf(shard) ?? "none";
    groups.set(value, [...(groups.get(value) ?? []), nameOf(shard)]);
  }
  if (groups.size < 2) return [];
  const sides = [...groups].map(([value, names]) => `${value} in ${names.join(", ")}`);
  return [`${what}: ${sides.join("; ")}`];
}

export function nameOf({ directory, result }: ShardRun): string {
  return result.run.shard === undefined ? directory : `shard ${result.run.shard}`;
}
