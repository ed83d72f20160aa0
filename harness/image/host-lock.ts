import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sha256Json } from "../base/hash.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { AptArchive } from "./apt-archive.ts";
import { HostHasNoImage, LockInvalid } from "./errors.ts";
import { formatLock, IMAGE_FORMAT, readLock, type HostLock } from "./lock-file.ts";
import { answersTo, lockMismatch, lockPath } from "./pinned-lock.ts";
import { Scratch } from "./scratch.ts";

/** Asks the archive which packages the host is made of today. */
export async function resolveLock(
  spec: HostSpec,
  scratch: string,
  signal?: AbortSignal,
): Promise<HostLock> {
  return withArchive(spec, scratch, signal, async (archive) => ({
    host: spec.name,
    format: IMAGE_FORMAT,
    release: spec.release,
    components: spec.components,
    requested: [...spec.packages].sort(),
    releaseDates: await archive.releaseDates(),
    packages: await archive.resolve(signal),
    ...(spec.sources && {
      sources: await inTurn(spec.sources, (name) => archive.source(name, signal)),
    }),
  }));
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/** An open archive whose directory goes away afterwards. */
export async function withArchive<T>(
  spec: HostSpec,
  scratch: string,
  signal: AbortSignal | undefined,
  work: (archive: AptArchive) => Promise<T>,
): Promise<T> {
  if (spec.place) throw new HostHasNoImage(spec.name);
  await using directory = await Scratch.create(scratch, "apt");
  return await work(await AptArchive.open(spec, directory.path, signal));
}

export async function writeLock(path: string, lock: HostLock): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, formatLock(lock));
  await rename(partial, path);
}

export interface EffectiveLock {
  lock: HostLock;
  /** Why the project's own lock is not what is built, when it is not. */
  unpinned?: string;
}

export interface LockContext {
  cache: string;
  signal?: AbortSignal | undefined;
  /** Taken instead of the project's; one that does not answer to the spec is refused. */
  lockFile?: string;
}

/**
 * The lock to build from: the project's, when it answers to this spec; otherwise
 * one resolved now and kept in the cache, so that the next run needs no network.
 */
export async function effectiveLock(
  spec: HostSpec,
  { cache, signal, lockFile }: LockContext,
): Promise<EffectiveLock> {
  if (lockFile !== undefined) {
    const given = await readLock(lockFile);
    if (!given) throw new LockInvalid(lockFile, "it is not there");
    const mismatch = lockMismatch(given, spec);
    if (mismatch === undefined) return { lock: given };
    throw new LockInvalid(lockFile, `it was made for ${mismatch} than ${spec.name} asks for`);
  }
  const pinned = await readLock(lockPath(spec.name));
  if (pinned && answersTo(pinned, spec)) return { lock: pinned };
  const unpinned = pinned
    ? `images/lock/${spec.name}.json was made for ${lockMismatch(pinned, spec)} than the host asks for`
    : `there is no images/lock/${spec.name}.json`;
  const { release, components, packages } = spec;
  const inputs = { format: IMAGE_FORMAT, release, components, packages };
  const kept = join(cache, "locks", `${spec.name}-${sha256Json(inputs).slice(0, 16)}.json`);
  const earlier = await readLock(kept).catch(() => undefined);
  if (earlier && answersTo(earlier, spec)) return { lock: earlier, unpinned };
  const lock = await resolveLock(spec, join(cache, "scratch"), signal);
  await writeLock(kept, lock);
  return { lock, unpinned };
}
