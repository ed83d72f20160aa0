import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bootId } from "../base/boot-id.ts";
import { sha256File } from "../base/hash.ts";
import { ImageCorrupt } from "./errors.ts";

/** What the store knows of one file of an entry. */
export interface StoredFile {
  bytes: number;
  sha256: string;
  /** Inode and times when the checksum was last right: an unchanged file is not read again. */
  seen: string;
  /**
   * In which boot of the machine it was written, until a later one has read it. A power cut takes
   * what was not on the disk yet and leaves size and times as they are. To read a file once, should
   * the machine ever start again, costs less than to wait for the disk whenever one is made: of a
   * template these are gigabytes, and many never see another boot.
   */
  boot?: string | undefined;
}

export interface Manifest {
  kind: string;
  key: string;
  /** Which host it was made for; says nothing about what is in it. */
  host?: string;
  /** Everything the key was made of, for people. */
  inputs: unknown;
  /** ISO 8601. */
  created: string;
  files: Record<string, StoredFile>;
  /** Why it is not to be used any more, whatever its files look like. */
  givenUp?: string;
}

export const MANIFEST = "manifest.json";

/** Undefined when there is none; throws {@link ImageCorrupt} when it cannot be read. */
export async function readManifest(directory: string): Promise<Manifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(directory, MANIFEST), "utf8")) as Manifest;
    return { ...manifest, files: { ...manifest.files } };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ImageCorrupt(directory, MANIFEST, error);
  }
}

export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  const path = join(directory, MANIFEST);
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, JSON.stringify(manifest, null, 2));
  await rename(partial, path);
}

export async function describeFile(path: string): Promise<StoredFile> {
  const sha256 = await sha256File(path);
  return { ...(await identity(path)), sha256, boot: bootId() };
}

/**
 * Compares the files of an entry with its manifest; those that look untouched are only read when
 * the machine has started anew since they were written, or when `fully` says so. What was found
 * damaged stays so for every later look.
 * @throws ImageCorrupt
 */
export async function verifyFiles(
  directory: string,
  manifest: Manifest,
  fully = false,
): Promise<void> {
  const label = entryLabel(manifest.kind, manifest.key);
  const thisBoot = bootId();
  let changed = false;
  try {
    for (const [name, file] of Object.entries(manifest.files)) {
      const path = join(directory, name);
      const now = await identity(path).catch((error: unknown) => {
        throw new ImageCorrupt(label, name, error);
      });
      if (now.bytes !== file.bytes) throw new ImageCorrupt(label, name);
      const isUntouched = now.seen === file.seen;
      const isOfOtherBoot = file.boot !== undefined && file.boot !== thisBoot;
      if (isUntouched && !isOfOtherBoot && !fully) continue;
      const right = (await sha256File(path)) === file.sha256;
      const seen = right ? now.seen : "damaged";
      // What one boot has written and another one reads is on the disk, whatever happens next.
      const boot = isUntouched && file.boot !== thisBoot ? undefined : thisBoot;
      changed ||= seen !== file.seen || boot !== file.boot;
      file.seen = seen;
      file.boot = boot;
      if (!right) throw new ImageCorrupt(label, name);
    }
  } finally {
    // Somebody else's cache is checked without being written to.
    if (changed) await writeManifest(directory, manifest).catch(() => undefined);
  }
}

/** How an entry is called in messages: `host/8b1d78c5691a`. */
export function entryLabel(kind: string, key: string): string {
  return `${kind}/${key.slice(0, 12)}`;
}

async function identity(path: string): Promise<{ bytes: number; seen: string }> {
  const info = await stat(path, { bigint: true });
  return { bytes: Number(info.size), seen: `${info.ino}:${info.mtimeNs}:${info.ctimeNs}` };
}
