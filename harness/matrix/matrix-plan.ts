import { readFile } from "node:fs/promises";
import { z } from "zod";
import { messageOf } from "../base/error.ts";
import { sha256Json } from "../base/hash.ts";
import type { PlannedCell } from "../events/schema.ts";
import { costCells, preparationSeconds, type CostHistory } from "./cost.ts";
import { PlanUnreadable, TooManyShards } from "./errors.ts";
import { balance, formatShard, type ShardAddress } from "./shard.ts";

/** Version of the JSON of a plan. */
const PLAN_VERSION = 1;

const planSchema = z.object({
  version: z.literal(PLAN_VERSION),
  /** Digest of which cell goes to which shard: shards that carry the same one fit together. */
  plan: z.string(),
  cells: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      host: z.string(),
      /** Expected, with the boot of its host; 0 when excluded. */
      seconds: z.number(),
      basis: z.enum(["history", "deadline"]),
      /** Why the cell will not run, when it will not. */
      excluded: z.string().optional(),
    }),
  ),
  shards: z.array(
    z.object({
      /** From 1. */
      index: z.number(),
      /** As `--shard` takes it. */
      shard: z.string(),
      hosts: z.array(z.string()),
      cells: z.array(z.string()),
      /** Expected, with the preparation of the hosts. */
      seconds: z.number(),
    }),
  ),
});

/** What `matrix plan --json` prints and `matrix run --plan` reads. */
export type MatrixPlan = z.infer<typeof planSchema>;

/**
 * Cells with their expected costs, distributed over shards.
 * @throws TooManyShards when `exact`, and a shard would be empty
 */
export function planMatrix(
  planned: readonly PlannedCell[],
  history: CostHistory,
  { shards: count, exact }: { shards: number; exact: boolean },
): MatrixPlan {
  const cells = costCells(planned, history);
  const preparation = (host: string) => preparationSeconds(host, history);
  const parts = balance(cells, count, preparation);
  if (exact && parts.length < count) throw new TooManyShards(count, Math.max(1, parts.length));
  const shards = parts.map((part, i) => {
    const running = part.filter(({ excluded }) => excluded === undefined);
    const hosts = [...new Set(running.map(({ host }) => host))];
    const prepared = hosts.reduce((sum, host) => sum + preparation(host), 0);
    return {
      index: i + 1,
      shard: formatShard({ index: i + 1, count: parts.length }),
      hosts,
      cells: part.map(({ id }) => id),
      seconds: Math.round(running.reduce((sum, { seconds }) => sum + seconds, prepared)),
    };
  });
  return {
    version: PLAN_VERSION,
    plan: sha256Json(shards.map(({ cells }) => cells)),
    cells: cells.map(({ id, title, host, seconds, basis, excluded }) => ({
      id,
      title,
      host,
      seconds: Math.round(seconds),
      basis,
      ...(excluded === undefined ? {} : { excluded }),
    })),
    shards,
  };
}

/** @throws PlanUnreadable */
export async function readPlan(path: string): Promise<MatrixPlan> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = code === "ENOENT" ? "there is no such file" : messageOf(error);
    throw new PlanUnreadable(path, what, error);
  }
  const checked = planSchema.safeParse(value);
  if (!checked.success) {
    const { message, path: key } = checked.error.issues[0]!;
    throw new PlanUnreadable(path, `${key.join(".") || "all of it"}: ${message}`, checked.error);
  }
  return checked.data;
}

/** The cells of one shard of a plan. @throws TooManyShards */
export function shardOf({ shards }: MatrixPlan, { index, count }: ShardAddress) {
  const shard = shards.find((each) => each.index === index);
  if (shard === undefined || shards.length !== count) {
    throw new TooManyShards(count, shards.length);
  }
  return shard;
}
