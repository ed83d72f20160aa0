import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runTool } from "../../harness/base/process.ts";

/** The cache that runs and tests of this user share, where downloads are kept. */
export const SHARED_CACHE =
  process.env["XENLOOP_CACHE"] ||
  join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "xenloop");

/** A cache of its own with some folders of the shared one, as links to the same files. */
export async function linkedCache(folders: readonly string[]): Promise<string> {
  // Beside the shared one: what is moved from one to the other stays on one file system.
  const near = await stat(SHARED_CACHE).then(
    () => SHARED_CACHE,
    () => tmpdir(),
  );
  const cache = await mkdtemp(join(near, "test-cache-"));
  for (const folder of folders) {
    const source = resolve(SHARED_CACHE, folder);
    if (!(await stat(source).catch(() => undefined))) continue;
    await mkdir(join(cache, folder, ".."), { recursive: true });
    // A hard link changes a file's times: all of it would be read once more, here and there.
    await runTool(["cp", "--archive", "--symbolic-link", source, join(cache, folder)]);
  }
  return cache;
}

export async function removeCache(cache: string): Promise<void> {
  await rm(cache, { recursive: true, force: true });
}
