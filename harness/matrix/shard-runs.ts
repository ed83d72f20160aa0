import { existsSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { readEvents } from "../events/reader.ts";
import { reduce } from "../events/reduce.ts";
import type { RunResult } from "../events/result.ts";
import type { RunEvent } from "../events/schema.ts";
import { NoRunToMerge } from "./errors.ts";

/** A recorded run that is to be merged with others. */
export interface ShardRun {
  /** As it was found. */
  directory: string;
  events: RunEvent[];
  result: RunResult;
}

const EVENTS = "events.jsonl";
/** Artifacts come as `<download>/<artifact>/<run>/`. */
const DEPTH = 3;

/**
 * The runs that directories are or hold, ordered by shard, then as they were given.
 * @throws NoRunToMerge, and what reading events throws
 */
export async function readShardRuns(directories: readonly string[]): Promise<ShardRun[]> {
  const found = new Map<string, string>();
  for (const directory of directories) {
    const runs = await runsBelow(directory, DEPTH);
    if (runs.length === 0) throw new NoRunToMerge(directory);
    // `runs/latest` and the run it points to are one.
    for (const run of runs) found.set(await realpath(run), run);
  }
  const shards = [...found.values()].map((directory) => {
    const { events } = readEvents(join(directory, EVENTS));
    return { directory, events, result: reduce(events) };
  });
  return shards.sort((a, b) => shardIndex(a) - shardIndex(b));
}

/** Number of a shard, from 1; 0 for a run that is none. */
export function shardIndex({ result }: ShardRun): number {
  return Number.parseInt(result.run.shard ?? "0", 10);
}

async function runsBelow(directory: string, depth: number): Promise<string[]> {
  if (existsSync(join(directory, EVENTS))) return [directory];
  if (depth === 0) return [];
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const below = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const found = await Promise.all(below.map((name) => runsBelow(join(directory, name), depth - 1)));
  return found.flat();
}
