import { join } from "node:path";
import { REPO_ROOT } from "../base/repo-paths.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { readLock, type HostLock } from "./lock-file.ts";

/** Where the project keeps the lock of a host. */
export function lockPath(host: string): string {
  return join(REPO_ROOT, "images/lock", `${host}.json`);
}

/** The project's lock of a host, when it answers to the host's file. */
export async function pinnedLock(spec: HostSpec): Promise<HostLock | undefined> {
  const lock = await readLock(lockPath(spec.name));
  return lock && lockMismatch(lock, spec) === undefined ? lock : undefined;
}

export function answersTo(lock: HostLock, spec: HostSpec): boolean {
  return lockMismatch(lock, spec) === undefined;
}

/** What a lock and a host do not agree about; undefined when the lock answers to the host. */
export function lockMismatch(lock: HostLock, spec: HostSpec): string | undefined {
  if (lock.release !== spec.release) return "another release";
  if (!sameNames(lock.components, spec.components)) return "other components of the archive";
  if (!sameNames(lock.requested, spec.packages)) return "other packages";
  return undefined;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}
