import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { sha256File } from "../base/hash.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { AptArchive } from "./apt-archive.ts";
import { PackageCorrupt, PackagesGone } from "./errors.ts";
import type { LockedPackage } from "./lock-file.ts";

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
    signal?: AbortSignal,
  ): Promise<void> {
    const available = await archive.available(missing);
    const gone = missing.filter((locked) => !available.has(locked.sha256));
    if (gone.length > 0) {
      throw new PackagesGone(
        spec.name,
        gone.map((p) => `${p.name} ${p.version}`),
      );
    }
    await mkdir(this.directory, { recursive: true });
    const scratch = await mkdtemp(join(this.directory, ".download-"));
    try {
      await archive.download(missing, scratch, signal);
      await this.#adopt(scratch, missing);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  async #adopt(scratch: string, wanted: readonly LockedPackage[]): Promise<void> {
    const bySum = new Map(wanted.map((locked) => [locked.sha256, locked]));
    for (const file of await readdir(scratch)) {
      const source = join(scratch, file);
      const locked = bySum.get(await sha256File(source));
      if (!locked) throw new PackageCorrupt(file, "its SHA-256 is in no lock");
      await rename(source, this.path(locked));
      bySum.delete(locked.sha256);
    }
    const [lost] = bySum.values();
    if (lost) throw new PackageCorrupt(lost.name, `version ${lost.version} was not downloaded`);
  }

  async #right(locked: LockedPackage): Promise<boolean> {
    return (await sha256File(this.path(locked))) === locked.sha256;
  }

}

