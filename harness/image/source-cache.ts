import { copyFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { sha256File } from "../base/hash.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { PackageCorrupt } from "./errors.ts";
import { withArchive } from "./host-lock.ts";
import { PACKAGES_LEASE, type ImageContext } from "./host-rootfs.ts";
import type { LockedFile, LockedSource } from "./lock-file.ts";
import { Scratch } from "./scratch.ts";

/**
 * Not its description: the lock says what that says, and mirrors lack some of them, as they lack
 * signatures.
 */
const ARCHIVE = /\.tar\.\w+$/;

/** Copies the archives of a locked source package into a folder; they are kept beside the packages. */
export async function ensureSourceFiles(
  spec: HostSpec,
  source: LockedSource,
  folder: string,
  { cache, store, signal }: ImageContext,
): Promise<void> {
  const kept = join(cache, "packages");
  const path = (file: LockedFile) => join(kept, `${file.sha256}.src`);
  await store.leases.hold(PACKAGES_LEASE);
  const files = source.files.filter(({ name }) => ARCHIVE.test(name));
  const missing: LockedFile[] = [];
  for (const file of files) if (!(await isRight(path(file), file))) missing.push(file);
  if (missing.length > 0) {
    await using scratch = await Scratch.create(kept, ".download");
    await withArchive(spec, join(cache, "scratch"), signal, (archive) =>
      archive.downloadSource(source, missing, scratch.path, signal),
    );
    for (const file of missing) {
      const came = join(scratch.path, file.name);
      if (!(await isRight(came, file)))
        throw new PackageCorrupt(file.name, "it did not arrive whole");
      await rename(came, path(file));
    }
  }
  for (const file of files) await copyFile(path(file), join(folder, file.name));
}

async function isRight(path: string, { bytes, sha256 }: LockedFile): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info?.size === bytes && (await sha256File(path)) === sha256;
}
