import { existsSync } from "node:fs";
import { runTool } from "../base/process.ts";
import { sha256File } from "../base/hash.ts";
import { lockPath } from "../image/pinned-lock.ts";
import type { RunOrigin } from "../run/perform.ts";
import type { Choice } from "./selection.ts";

const GIT_TIMEOUT_MS = 20_000;

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
  const argv = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"];
  // Another git command of the user's may be at work.
  const env = { GIT_OPTIONAL_LOCKS: "0" };
  const asked = await runTool(argv, { cwd: root, env, timeoutMs: GIT_TIMEOUT_MS }).catch(
    () => undefined,
  );
  return asked?.stdout.trim() || undefined;
}
