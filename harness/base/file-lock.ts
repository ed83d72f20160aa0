import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import lockfile from "proper-lockfile";

/**
 * Runs `work` while holding a lock on `path`. The lock is a directory whose
 * time is refreshed: one left by a dead process goes stale by itself.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "", { flag: "a" });
  const release = await lockfile.lock(path, {
    stale: 15_000,
    update: 3_000,
    retries: { forever: true, minTimeout: 100, maxTimeout: 1_000, factor: 1.3 },
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
