import { existsSync } from "node:fs";
import { runTool } from "../base/process.ts";
import { sha256File } from "../base/hash.ts";
import { lockPath } from "../image/host-lock.ts";
import type { RunOrigin } from "../run/perform.ts";
import type { HostSpec } from "../spec/host-spec.ts";

const GIT_TIMEOUT_MS = 20_000;

/** The commit of the checkout and the locks of the hosts: what shards of one run share. */
export async function runOrigin(
  root: string,
  hosts: readonly HostSpec[],
): Promise<Pick<RunOrigin, "commit" | "locks">> {
  const commit = await commitOf(root);
  const locks: Record<string, string> = {};
  for (const { name } of hosts) {
    const path = lockPath(name);
    if (existsSync(path)) locks[name] = await sha256File(path);
  }
  return { ...(commit !== undefined && { commit }), locks };
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
