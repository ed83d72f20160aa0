import { join } from "node:path";
import { formatBytes } from "../config/bytes.ts";
import { Store, type StoreListing } from "../image/store.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { CliContext } from "./context.ts";

export async function openStore(ctx: CliContext): Promise<Store> {
  return new Store(join((await ctx.settings()).values.cache, "store"));
}

/** The hosts a command line names, or the default ones where it names none. */
export async function namedHosts(ctx: CliContext, names: readonly string[]): Promise<HostSpec[]> {
  const registry = await ctx.hosts();
  const { defaultHosts } = (await ctx.settings()).values;
  return registry.named(names.length > 0 ? names : defaultHosts);
}

/** One row of a list: kind, host, key. */
export function entryWords({ kind, host = "-", key }: StoreListing): string[] {
  return [kind, host, key.slice(0, 12)];
}

export function sizeOf({ allocated }: { allocated: number }): string {
  return formatBytes(allocated);
}

/** `3 d` since a moment, in the largest unit that fits. */
export function age(since: Date, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - since.getTime()) / 1000));
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return `${Math.floor(seconds / length)} ${unit}`;
  }
  return `${seconds} s`;
}

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
] as const;

export function users(pids: readonly number[]): string {
  return pids.length === 0 ? "" : `in use by ${pids.map((pid) => `pid ${pid}`).join(", ")}`;
}
