import { readdir, rename, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { sha256Json } from "../base/hash.ts";
import { messageOf } from "../base/error.ts";
import { withFileLock } from "../base/file-lock.ts";
import { EntryGivenUp, ImageCorrupt, isDiskFull, StoreFull } from "./errors.ts";
import { Leases } from "./lease.ts";
import {
  describeFile,
  entryLabel,
  MANIFEST,
  readManifest,
  verifyFiles,
  writeManifest,
  type Manifest,
  type StoredFile,
} from "./manifest.ts";
import { deadScratch, removeTree, Scratch } from "./scratch.ts";
import { treeSize, type TreeSize } from "./tree-size.ts";

export interface StoreEntry {
  kind: string;
  key: string;
  directory: string;
  /** ISO 8601. */
  created: string;
  inputs: unknown;
  /** Absolute path of one file of the entry. */
  path(file: string): string;
  /** SHA-256 of each file. */
  digests: Record<string, string>;
  /** SHA-256 over the names and checksums of all files: equal digests, equal bytes. */
  digest: string;
}

/** An entry as somebody sees it who does not use it. */
export interface StoreListing extends TreeSize {
  kind: string;
  key: string;
  host: string | undefined;
  created: string | undefined;
  lastUsed: Date;
  inputs: unknown;
  digest: string | undefined;
  /** Pids of the processes that use it. */
  holders: number[];
  /** Why it cannot be read, or is given up, when it is. */
  damage?: string;
}

export interface BuildRequest {
  kind: string;
  /** Hex digest of all inputs. */
  key: string;
  inputs: unknown;
  /** For which host; shown in lists. */
  host?: string;
  signal?: AbortSignal;
  /** Fills the empty directory; whatever is in it afterwards becomes the entry. */
  build(directory: string): Promise<void>;
  /** Told why nothing usable was there: `absent`, or the damage. */
  onBuild?(reason: string): void;
}

/**
 * Content-addressed store: `<root>/<kind>/<key>/`. An entry appears by a rename
 * of a complete directory, so a crash leaves nothing that looks whole. What a process
 * got from the store is not removed by another one before the first has ended.
 */
export class Store {
  readonly leases: Leases;

  constructor(readonly root: string) {
    this.leases = new Leases(join(root, ".leases"));
  }

  /**
   * The entry, verified; undefined when absent.
   * @throws {ImageCorrupt | EntryGivenUp}
   */
  async get(kind: string, key: string): Promise<StoreEntry | undefined> {
    const directory = this.#directory(kind, key);
    // Before looking: what is seen afterwards stays.
    await this.#hold(kind, key);
    const manifest = await readManifest(directory);
    if (!manifest) return undefined;
    const { givenUp } = manifest;
    if (givenUp !== undefined) throw new EntryGivenUp(entryLabel(kind, key), givenUp);
    await verifyFiles(directory, manifest);
    // The time of the directory is what pruning sorts by.
    const now = new Date();
    await utimes(directory, now, now).catch(() => undefined);
    return entryOf(directory, manifest);
  }

  /** Reads every byte again, whatever the times say. */
  async verifyFully(kind: string, key: string): Promise<void> {
    const directory = this.#directory(kind, key);
    await this.#hold(kind, key);
    const manifest = await readManifest(directory);
    if (!manifest) throw new ImageCorrupt(entryLabel(kind, key), MANIFEST);
    await verifyFiles(directory, manifest, true);
  }

  /**
   * Gives an entry up that is of no use, be its bytes right or not: whoever asks for it next builds
   * it anew. Its files stay until then, for those who use them.
   * @returns what is damaged of it; undefined when nothing is, or when it has gone meanwhile
   */
  async giveUp(entry: StoreEntry, why: string): Promise<string | undefined> {
    let damage: string | undefined;
    try {
      const manifest = await manifestOf(entry);
      if (!manifest || manifest.givenUp !== undefined) return undefined;
      await verifyFiles(entry.directory, manifest, true);
    } catch (error) {
      if (!(error instanceof ImageCorrupt)) throw error;
      damage = error.message;
    }
    // Again, for that took a while. One that cannot be read is of no use to anybody as it is.
    const manifest = await manifestOf(entry).catch(() => undefined);
    if (manifest) await writeManifest(entry.directory, { ...manifest, givenUp: damage ?? why });
    return damage;
  }

  /** The entry, built first when it is absent or of no use; one builder at a time per key. */
  async ensure(request: BuildRequest): Promise<StoreEntry> {
    const ready = await this.#usable(request);
    if (typeof ready !== "string") return ready;
    const directory = this.#directory(request.kind, request.key);
    return this.#reportFull(() =>
      withFileLock(
        `${directory}.building`,
        async () => {
          const again = await this.#usable(request);
          if (typeof again !== "string") return again;
          request.onBuild?.(again);
          return this.#build(request);
        },
        request.signal,
      ),
    );
  }

  /** Everything in the store, by kind, the most recently used first. */
  async list(): Promise<StoreListing[]> {
    const listings: StoreListing[] = [];
    for (const kind of await folders(this.root)) {
      for (const key of await folders(join(this.root, kind))) {
        const listing = await this.#describe(kind, key);
        if (listing) listings.push(listing);
      }
    }
    const order = (a: StoreListing, b: StoreListing) =>
      a.kind.localeCompare(b.kind) || b.lastUsed.getTime() - a.lastUsed.getTime();
    return listings.sort(order);
  }

  /** Removes an entry that no process uses; false when one does. */
  async removeUnused(kind: string, key: string): Promise<boolean> {
    return this.leases.unlessHeld(leaseName(kind, key), () => this.#discard(kind, key));
  }

  /** Directories that builders which were killed left behind. */
  async leftovers(): Promise<string[]> {
    const kinds = await folders(this.root);
    return (await Promise.all(kinds.map((kind) => deadScratch(join(this.root, kind))))).flat();
  }

  async #usable(request: BuildRequest): Promise<StoreEntry | string> {
    try {
      return (await this.get(request.kind, request.key)) ?? "absent";
    } catch (error) {
      if (error instanceof ImageCorrupt || error instanceof EntryGivenUp) return error.message;
      throw error;
    }
  }

  async #build(request: BuildRequest): Promise<StoreEntry> {
    const { kind, key, inputs, host, signal } = request;
    const directory = this.#directory(kind, key);
    for (const leftover of await deadScratch(join(this.root, kind))) await removeTree(leftover);
    const scratch = await Scratch.create(join(this.root, kind), ".building");
    try {
      await request.build(scratch.path);
      const files: Record<string, StoredFile> = {};
      for (const name of (await readdir(scratch.path)).sort()) {
        signal?.throwIfAborted();
        files[name] = await describeFile(join(scratch.path, name));
      }
      const created = new Date().toISOString();
      const manifest: Manifest = { kind, key, ...(host && { host }), inputs, created, files };
      await writeManifest(scratch.path, manifest);
      await this.#discard(kind, key);
      await rename(scratch.path, directory);
      return entryOf(directory, manifest);
    } catch (error) {
      await removeTree(scratch.path);
      throw error;
    }
  }

  async #discard(kind: string, key: string): Promise<void> {
    const doomed = await Scratch.create(join(this.root, kind), ".removed");
    // Moved aside first: a reader never meets half an entry.
    await rename(this.#directory(kind, key), join(doomed.path, "entry")).catch(ifPresent);
    await doomed[Symbol.asyncDispose]();
  }

  async #describe(kind: string, key: string): Promise<StoreListing | undefined> {
    const directory = this.#directory(kind, key);
    const info = await stat(directory).catch(() => undefined);
    if (!info) return undefined;
    let damage: string | undefined;
    const manifest = await readManifest(directory).catch((error: unknown) => {
      damage = messageOf(error);
      return undefined;
    });
    if (!manifest) damage ??= new ImageCorrupt(entryLabel(kind, key), MANIFEST).message;
    const { inputs, givenUp } = manifest ?? {};
    if (givenUp !== undefined) damage = new EntryGivenUp(entryLabel(kind, key), givenUp).message;
    return {
      kind,
      key,
      host: manifest?.host ?? (inputs as { host?: string } | undefined)?.host,
      created: manifest?.created,
      lastUsed: info.mtime,
      inputs,
      digest: manifest && entryOf(directory, manifest).digest,
      holders: await this.leases.holders(leaseName(kind, key)),
      ...(await treeSize(directory)),
      ...(damage !== undefined && { damage }),
    };
  }

  async #hold(kind: string, key: string): Promise<void> {
    await this.#reportFull(() => this.leases.hold(leaseName(kind, key)));
  }

  async #reportFull<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreFull) && isDiskFull(error)) throw new StoreFull(this.root, error);
      throw error;
    }
  }

  #directory(kind: string, key: string): string {
    return join(this.root, kind, key);
  }
}

function leaseName(kind: string, key: string): string {
  return `${kind}-${key}`;
}

/** Kinds and keys; whatever has a dot in its name is the store's own. */
async function folders(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((e) => e.isDirectory() && !e.name.includes(".")).map((e) => e.name);
}

/** The manifest of that very entry; none where another one is in its place. */
async function manifestOf({ directory, created }: StoreEntry): Promise<Manifest | undefined> {
  const manifest = await readManifest(directory);
  return manifest?.created === created ? manifest : undefined;
}

function ifPresent(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

function entryOf(directory: string, manifest: Manifest): StoreEntry {
  const digests = Object.fromEntries(
    Object.entries(manifest.files).map(([name, file]) => [name, file.sha256]),
  );
  return {
    kind: manifest.kind,
    key: manifest.key,
    directory,
    created: manifest.created,
    inputs: manifest.inputs,
    path: (file) => join(directory, file),
    digests,
    digest: sha256Json(digests),
  };
}
