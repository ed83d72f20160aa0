import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256File } from "../base/hash.ts";
import { withFileLock } from "../base/file-lock.ts";
import { ImageCorrupt, StoreFull } from "./errors.ts";

/** What the store knows of one file of an entry. */
interface StoredFile {
  bytes: number;
  sha256: string;
  /** Inode and times when the checksum was last right: an unchanged file is not read again. */
  seen: string;
}

interface Manifest {
  kind: string;
  key: string;
  /** Everything the key was made of, for people. */
  inputs: unknown;
  created: string;
  files: Record<string, StoredFile>;
}

export interface StoreEntry {
  kind: string;
  key: string;
  directory: string;
  created: string;
  inputs: unknown;
  /** Absolute path of one file of the entry. */
  path(file: string): string;
  /** SHA-256 over the names and checksums of all files: equal digests, equal bytes. */
  digests: Record<string, string>;
}

export interface BuildRequest {
  kind: string;
  /** Hex digest of all inputs. */
  key: string;
  inputs: unknown;
  /** Fills the empty directory; whatever is in it afterwards becomes the entry. */
  build(directory: string): Promise<void>;
  /** Told why nothing usable was there: `absent`, or the damage. */
  onBuild?(reason: string): void;
}

const MANIFEST = "manifest.json";

/**
 * Content-addressed store: `<root>/<kind>/<key>/`. An entry appears by a rename
 * of a complete directory, so a crash leaves nothing that looks whole.
 */
export class Store {
  constructor(readonly root: string) {}

  /** The entry, verified; undefined when absent. Throws {@link ImageCorrupt} when damaged. */
  async get(kind: string, key: string): Promise<StoreEntry | undefined> {
    const directory = this.#directory(kind, key);
    const manifest = await readManifest(directory);
    if (!manifest) return undefined;
    await verify(directory, manifest);
    // The access time of an entry is what pruning sorts by.
    const now = new Date();
    await utimes(directory, now, now).catch(() => undefined);
    return entryOf(directory, manifest);
  }

  /** Reads every byte again, whatever the times say. */
  async verifyFully(kind: string, key: string): Promise<void> {
    const directory = this.#directory(kind, key);
    const manifest = await readManifest(directory);
    if (!manifest) throw new ImageCorrupt(`${kind}/${key.slice(0, 12)}`, MANIFEST);
    await verify(directory, manifest, true);
  }

  /** The entry, built first when it is absent or damaged; one builder at a time per key. */
  async ensure(request: BuildRequest): Promise<StoreEntry> {
    const ready = await this.#usable(request);
    if (typeof ready !== "string") return ready;
    await mkdir(join(this.root, request.kind), { recursive: true });
    return withFileLock(this.#directory(request.kind, request.key) + ".lock", async () => {
      const again = await this.#usable(request);
      if (typeof again !== "string") return again;
      request.onBuild?.(again);
      return this.#build(request);
    });
  }

  async list(): Promise<StoreEntry[]> {
    const entries: StoreEntry[] = [];
    for (const kind of await names(this.root)) {
      for (const key of await names(join(this.root, kind))) {
        const directory = this.#directory(kind, key);
        const manifest = await readManifest(directory);
        if (manifest) entries.push(entryOf(directory, manifest));
      }
    }
    return entries;
  }

  async remove(kind: string, key: string): Promise<void> {
    const directory = this.#directory(kind, key);
    // Renamed first: a reader never meets half an entry.
    const doomed = `${directory}.removed-${process.pid}`;
    await rename(directory, doomed).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    await rm(doomed, { recursive: true, force: true });
  }

  async #usable(request: BuildRequest): Promise<StoreEntry | string> {
    try {
      return (await this.get(request.kind, request.key)) ?? "absent";
    } catch (error) {
      if (error instanceof ImageCorrupt) return error.message;
      throw error;
    }
  }

  async #build(request: BuildRequest): Promise<StoreEntry> {
    const directory = this.#directory(request.kind, request.key);
    const scratch = await mkdtemp(join(this.root, request.kind, ".building-"));
    try {
      await request.build(scratch);
      const files: Record<string, StoredFile> = {};
      for (const name of (await readdir(scratch)).sort()) {
        files[name] = await describe(join(scratch, name));
      }
      const manifest: Manifest = {
        kind: request.kind,
        key: request.key,
        inputs: request.inputs,
        created: new Date().toISOString(),
        files,
      };
      await writeFile(join(scratch, MANIFEST), JSON.stringify(manifest, null, 2));
      await this.remove(request.kind, request.key);
      await rename(scratch, directory);
      return entryOf(directory, manifest);
    } catch (error) {
      await rm(scratch, { recursive: true, force: true });
      if ((error as NodeJS.ErrnoException).code === "ENOSPC") throw new StoreFull(this.root, error);
      throw error;
    }
  }

  #directory(kind: string, key: string): string {
    return join(this.root, kind, key);
  }
}

async function names(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((e) => e.isDirectory() && !e.name.includes(".")).map((e) => e.name);
}

async function readManifest(directory: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, MANIFEST), "utf8")) as Manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ImageCorrupt(directory, MANIFEST, error);
  }
}

async function describe(path: string): Promise<StoredFile> {
  const digest = await sha256File(path);
  return { ...(await identity(path)), sha256: digest };
}

async function identity(path: string): Promise<{ bytes: number; seen: string }> {
  const info = await stat(path, { bigint: true });
  return { bytes: Number(info.size), seen: `${info.ino}:${info.mtimeNs}:${info.ctimeNs}` };
}

async function verify(directory: string, manifest: Manifest, fully = false): Promise<void> {
  const label = `${manifest.kind}/${manifest.key.slice(0, 12)}`;
  let renewed = false;
  for (const [name, file] of Object.entries(manifest.files)) {
    const path = join(directory, name);
    const now = await identity(path).catch((error: unknown) => {
      throw new ImageCorrupt(label, name, error);
    });
    if (now.bytes !== file.bytes) throw new ImageCorrupt(label, name);
    if (now.seen === file.seen && !fully) continue;
    if ((await sha256File(path)) !== file.sha256) throw new ImageCorrupt(label, name);
    renewed ||= now.seen !== file.seen;
    file.seen = now.seen;
  }
  if (!renewed) return;
  const manifestPath = join(directory, MANIFEST);
  const temporary = `${manifestPath}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(manifest, null, 2));
  await rename(temporary, manifestPath);
}

function entryOf(directory: string, manifest: Manifest): StoreEntry {
  return {
    kind: manifest.kind,
    key: manifest.key,
    directory,
    created: manifest.created,
    inputs: manifest.inputs,
    path: (file) => join(directory, file),
    digests: Object.fromEntries(
      Object.entries(manifest.files).map(([name, file]) => [name, file.sha256]),
    ),
  };
}
