import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isSameProcess, processStartTime } from "../base/process-identity.ts";

/** A unix socket's path has room for 108 bytes; this leaves some for the socket's name. */
const MAX_DIR_BYTES = 80;
/** Where to go when the temporary directory's own path takes too much of that. */
const SHORT_PARENT = "/tmp";
/** The directory's name holds its owner's pid and start time, so a dead run's can be told. */
const NAME = /^xenloop-(\d+)-(\d+)-\w{6}$/;

export interface SocketDir {
  readonly path: string;
  remove(): Promise<void>;
}

/** A private directory with a short path, for sockets and probes. */
export async function createSocketDir(parent = tmpdir()): Promise<SocketDir> {
  const name = `xenloop-${process.pid}-${processStartTime(process.pid)}-`;
  const fits = Buffer.byteLength(join(parent, name)) + 6 <= MAX_DIR_BYTES;
  const path = await mkdtemp(join(fits ? parent : SHORT_PARENT, name));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Removes the directories of this user's runs that were killed; gives their paths. */
export async function sweepSocketDirs(
  parents: readonly string[] = [tmpdir(), SHORT_PARENT],
): Promise<string[]> {
  const places = [...new Set(parents.map((parent) => resolve(parent)))];
  const stale = (await Promise.all(places.map((parent) => staleBelow(parent)))).flat();
  const swept = await Promise.all(
    stale.map((path) =>
      rm(path, { recursive: true, force: true }).then(
        () => [path],
        // What does not go is in nobody's way.
        () => [],
      ),
    ),
  );
  return swept.flat();
}

/** Other users have theirs in the same places: those are theirs to remove. */
async function staleBelow(parent: string): Promise<string[]> {
  const dead = (await readdir(parent).catch(() => [])).filter((name) => {
    const owner = NAME.exec(name);
    return owner !== null && !isSameProcess(Number(owner[1]), Number(owner[2]));
  });
  const owned = await Promise.all(
    dead.map(async (name) => {
      const path = join(parent, name);
      const info = await lstat(path).catch(() => undefined);
      return info?.uid === process.getuid?.() ? [path] : [];
    }),
  );
  return owned.flat();
}
