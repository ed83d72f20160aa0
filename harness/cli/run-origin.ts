import { existsSync } from "node:fs";
import { sha256File } from "../base/hash.ts";
import { lockPath } from "../image/pinned-lock.ts";
import { git } from "./git.ts";
import type { RunOrigin } from "../run/perform.ts";
import type { Choice } from "./selection.ts";

/**
 * Commit of the checkout, and digests of the hosts' locks and of the scenarios that have cells.
 * @param lockFiles files to take instead of the project's, by host
 */
export async function runOrigin(
  root: string,
  { hosts, scenarios, cells }: Pick<Choice, "hosts" | "scenarios" | "cells">,
  lockFiles: ReadonlyMap<string, string> = new Map(),
): Promise<Pick<RunOrigin, "commit" | "locks" | "scenarios">> {
  const commit = await commitOf(root);
  const locks: Record<string, string> = {};
  for (const { name } of hosts) {
    const path = lockFiles.get(name) ?? lockPath(name);
    if (existsSync(path)) locks[name] = await sha256File(path);
  }
  // A shard is chosen from all scenarios; what it runs are those of its cells.
  const run = new Set(cells().map(({ scenario }) => scenario));
  const digests = scenarios
    .filter(({ meta }) => run.has(meta.id))
    .map(async ({ meta, file }) => [meta.id, await sha256File(file)]);
  const code = Object.fromEntries(await Promise.all(digests)) as Record<string, string>;
  return { ...(commit !== undefined && { commit }), locks, scenarios: code };
}

/** Undefined outside of a git checkout, or without git. */
async function commitOf(root: string): Promise<string | undefined> {
  const words = ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"];
  const described = await git(root, words).catch(() => "");
  return described.trim() || undefined;
}
