import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { sha256File } from "../base/hash.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { AptArchive } from "./apt-archive.ts";
import { PackageCorrupt, PackagesGone } from "./errors.ts";
import type { LockedPackage } from "./lock-file.ts";
import { Scratch } from "./scratch.ts";
import { treeSize } from "./tree-size.ts";

const PROGRESS_MS = 200;

/** Bytes that are here, of those that are to come. */
export type ProgressListener = (done: number, total: number) => void;

/** Every .deb ever used, named by its SHA-256, so that a lock outlives the archive. */
export class PackageCache {
  constructor(readonly directory: string) {}

  path(locked: LockedPackage): string {
    return join(this.directory, `${locked.sha256}.deb`);
  }

  /** Those that are not here; a damaged one is removed and counts as missing. */
  async missing(packages: readonly LockedPackage[]): Promise<LockedPackage[]> {
    const absent: LockedPackage[] = [];
    for (const locked of packages) {
      const info = await stat(this.path(locked)).catch(() => undefined);
      if (info?.size === locked.bytes && (await this.#right(locked))) continue;
      if (info) await rm(this.path(locked), { force: true });
      absent.push(locked);
    }
    return absent;
  }

  /** Downloads packages that are missing here; throws {@link PackagesGone} when the archive lacks some. */
  async fetch(
    spec: HostSpec,
    missing: readonly LockedPackage[],
    archive: AptArchive,
    { signal, onProgress }: { signal?: AbortSignal; onProgress?: ProgressListener } = {},
  ): Promise<void> {
    const available = await archive.available(missing);
    const gone = missing.filter((locked) => !available.has(locked.sha256));
    if (gone.length > 0) {
      throw new PackagesGone(
        spec.name,
        gone.map((p) => `${p.name} ${p.version}`),
      );
    }
    await using scratch = await Scratch.create(this.directory, ".download");
    const total = missing.reduce((sum, { bytes }) => sum + bytes, 0);
    const timer = setInterval(() => {
      void treeSize(scratch.path).then(({ bytes }) => onProgress?.(bytes, total));
    }, PROGRESS_MS);
    try {
      await archive.download(missing, scratch.path, signal);
    } finally {
      clearInterval(timer);
      // What came whole before an interruption is not fetched again.
      await this.#adopt(scratch.path, missing);
    }
    const [lost] = await this.missing(missing);
    if (lost) throw new PackageCorrupt(lost.name, `version ${lost.version} did not arrive whole`);
  }

  async #adopt(scratch: string, wanted: readonly LockedPackage[]): Promise<void> {
    const bySum = new Map(wanted.map((locked) => [locked.sha256, locked]));
    for (const file of await readdir(scratch)) {
      const locked = bySum.get(await sha256File(join(scratch, file)));
      if (locked) await rename(join(scratch, file), this.path(locked));
    }
  }

  async #right(locked: LockedPackage): Promise<boolean> {
    return (await sha256File(this.path(locked))) === locked.sha256;
  }
}
