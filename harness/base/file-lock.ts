import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import lockfile from "proper-lockfile";

const RETRY_MS = 200;

/**
 * Runs `work` while holding the lock `<path>.lock`, which need not exist and neither need
 * `path`. The lock is a directory whose time is refreshed: one left by a dead process goes
 * stale by itself. Waiting for it ends with the signal's reason.
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const release = await acquire(path, signal);
  try {
    return await work();
  } finally {
    // A lock that went stale meanwhile, as on a machine that slept, is somebody else's now.
    await release().catch(() => undefined);
  }
}

async function acquire(path: string, signal?: AbortSignal): Promise<() => Promise<void>> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await lockfile.lock(path, {
        stale: 15_000,
        update: 3_000,
        realpath: false,
        // The default throws out of a timer; what is done twice appears by a rename anyway.
        onCompromised: () => undefined,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    }
    await delay(RETRY_MS, undefined, { ...(signal && { signal }) }).catch(() => undefined);
  }
}
