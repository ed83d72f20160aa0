import { readFile } from "node:fs/promises";
import { LockInvalid } from "./errors.ts";

/** Changes when the harness builds different images from the same packages. */
export const IMAGE_FORMAT = 1;

export interface LockedPackage {
  name: string;
  version: string;
  architecture: string;
  bytes: number;
  sha256: string;
}

/** A file of a source package. */
export interface LockedFile {
  name: string;
  bytes: number;
  sha256: string;
}

export interface LockedSource {
  name: string;
  version: string;
  files: LockedFile[];
}

/** images/lock/<host>.json: the exact bytes a host is built from. */
export interface HostLock {
  host: string;
  format: number;
  release: string;
  /** Of the archive, as the host file names them. */
  components: string[];
  /** Packages asked for, so that a changed host file is noticed. */
  requested: string[];
  /** `Date:` of each Release file the lock was resolved from, by suite. */
  releaseDates: Record<string, string>;
  /** Source packages, which only builders have. */
  sources?: LockedSource[];
  packages: LockedPackage[];
}

/** Undefined when there is no lock; throws {@link LockInvalid} when there is a broken one. */
export async function readLock(path: string): Promise<HostLock | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  let lock: HostLock;
  try {
    lock = JSON.parse(text) as HostLock;
  } catch (error) {
    throw new LockInvalid(path, error instanceof Error ? error.message : String(error));
  }
  if (lock.format !== IMAGE_FORMAT) {
    throw new LockInvalid(
      path,
      `format ${String(lock.format)}, this harness writes ${IMAGE_FORMAT}`,
    );
  }
  if (!Array.isArray(lock.components)) {
    throw new LockInvalid(path, "it does not name the components of the archive");
  }
  if (!Array.isArray(lock.packages) || lock.packages.length === 0) {
    throw new LockInvalid(path, "it lists no packages");
  }
  return lock;
}

export function formatLock(lock: HostLock): string {
  const { packages, ...head } = lock;
  const rows = packages.map((p) => `    ${JSON.stringify(p)}`).join(",\n");
  return `${JSON.stringify(head, null, 2).replace(/\n}$/, "")},\n  "packages": [\n${rows}\n  ]\n}\n`;
}
