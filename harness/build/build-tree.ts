import { lstat, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../base/hash.ts";
import { runTool } from "../base/process.ts";
import { isRoot } from "../base/root.ts";
import type { Builder } from "./builder.ts";
import { NotOfTheBuild } from "./errors.ts";
import { checkOwnFolder, readOwnFile } from "./own-file.ts";
import { stripOf } from "./patch-series.ts";
import type { Recipe } from "./recipe.ts";
import type { SandboxResult } from "./sandbox.ts";
import { WORK, type SandboxLimits, type SandboxMount } from "./sandbox-argv.ts";
import { giveFolders, sandboxUser } from "./sandbox-user.ts";
import type { Source } from "./source.ts";

/** For a whole libvirt; a build that needs more is not one. */
export const BUILD_LIMITS: SandboxLimits = {
  seconds: 1800,
  memoryMiB: 4096,
  processes: 512,
  diskMiB: 4096,
  files: 2 ** 17,
};

const TREE = `${WORK}/tree`;
const INPUT = `${WORK}/input`;
const PLACES = { source: `${TREE}/src`, objects: `${TREE}/obj` };
const PRODUCTS = "products";
const LARGEST_LIST_BYTES = 4 * 2 ** 20;
/** All of them are held in memory; a sparse file says that it is larger than the disk. */
const LARGEST_PRODUCTS_BYTES = 512 * 2 ** 20;
/** A path that may be shown to people, and that leads nowhere else below any folder. */
const INSTALLED = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.+@-]+)+$/;
/** Whose the files were is of no account: the first command is given the tree. */
const NOBODYS = ["--numeric-owner", "--owner=0", "--group=0"];
const TAR_TIMEOUT_MS = 300_000;
/** What Node makes of bytes in a name that are none. */
const NOT_UTF8 = "\uFFFD";

/** A file that a build installs. */
export interface BuiltFile {
  /** Where it belongs in a host. */
  path: string;
  bytes: Buffer;
  sha256: string;
}

export interface TreeOptions {
  builder: Builder;
  recipe: Recipe;
  /** For what is gone afterwards. */
  scratch: string;
  /** Takes everything the build prints. */
  log: string;
  limits?: SandboxLimits;
  signal?: AbortSignal;
}

/** Of what is done with a tree from outside of its sandbox. */
function limitsOf({ signal }: Pick<TreeOptions, "signal">) {
  return { timeoutMs: TAR_TIMEOUT_MS, ...(signal && { signal }) };
}

/** A source tree with its build, `src/` and `obj/` in a folder. What is in it is not trusted. */
export class BuildTree {
  /** Takes what the next command prints. */
  log: string;
  /** Of root's: whose the folder is, once a command has run in it. */
  #owner: number | undefined;

  constructor(
    readonly directory: string,
    readonly options: TreeOptions,
  ) {
    this.log = options.log;
  }

  /** Makes the folder and puts the source into it. */
  async unpack(source: Source): Promise<SandboxResult> {
    const { directory } = this;
    for (const folder of ["src", "obj"]) await mkdir(join(directory, folder), { recursive: true });
    const staged = `${directory}.staged`;
    await mkdir(staged);
    await source.stage(staged);
    const mount = { source: staged, target: INPUT };
    const result = await this.#run(source.unpack(INPUT, PLACES.source), [mount]);
    await rm(staged, { recursive: true, force: true });
    return result;
  }

  configure(): Promise<SandboxResult> {
    return this.#run(this.options.recipe.setup(PLACES), [this.#sourceReadOnly()]);
  }

  /** The source cannot be written to: what a patch does to it is what `apply` did. */
  compile(): Promise<SandboxResult> {
    return this.#run(this.options.recipe.compile(PLACES), [this.#sourceReadOnly()]);
  }

  async apply(diff: string): Promise<SandboxResult> {
    const staged = `${this.directory}.patch`;
    await mkdir(staged);
    await writeFile(join(staged, "patch"), diff);
    const how = [`--strip=${stripOf(diff)}`, "--batch", "--forward", "--no-backup-if-mismatch"];
    const argv = ["patch", ...how, "--reject-file=-", `--input=${INPUT}/patch`];
    const result = await this.#run(argv, [{ source: staged, target: INPUT }], PLACES.source);
    await rm(staged, { recursive: true, force: true });
    return result;
  }

  /** Collects what the build would install, without symbols, so that it is small. */
  collect(): Promise<SandboxResult> {
    const argv = this.options.recipe.collect(PLACES, `${TREE}/${PRODUCTS}`);
    return this.#run(argv, [this.#sourceReadOnly()]);
  }

  /** What was collected, by its place in a host. @throws NotOfTheBuild */
  async products(): Promise<Map<string, BuiltFile>> {
    const folder = join(this.directory, PRODUCTS);
    const list = await readOwnFile(folder, "list", LARGEST_LIST_BYTES);
    const products = new Map<string, BuiltFile>();
    let left = LARGEST_PRODUCTS_BYTES;
    for (const [index, path] of list.toString("utf8").split("\n").filter(Boolean).entries()) {
      if (!INSTALLED.test(path)) {
        throw new NotOfTheBuild(`${PRODUCTS}/list`, `line ${index + 1} is no path in a host`);
      }
      const bytes = await readOwnFile(folder, String(index), left);
      left -= bytes.length;
      products.set(path, { path, bytes, sha256: sha256(bytes) });
    }
    return products;
  }

  /**
   * Packs the tree, times included: what is unpacked is not built again.
   * @param unread takes what builds do not read
   */
  async pack(tar: string, unread: string): Promise<void> {
    const folders = await this.#unreadFolders();
    const names = folders.map((name) => `./src/${name}`);
    const how = { ...limitsOf(this.options), cwd: this.directory };
    const create = ["tar", "--create", "--format=posix", ...NOBODYS];
    const without = names.map((name) => `--exclude=${name}`);
    const words = ["--anchored", "--no-wildcards", ...without, `--file=${tar}`, "."];
    await runTool([...create, ...words], how);
    const list = names.map((name) => `${name}\0`).join("");
    const rest = [`--file=${unread}`, "--null", "--verbatim-files-from", "--files-from=-"];
    await runTool([...create, ...rest], { ...how, input: list });
  }

  /** @param tars one or both of what `pack` made, the tree first */
  static async restore(
    tars: readonly string[],
    directory: string,
    options: TreeOptions,
  ): Promise<BuildTree> {
    await mkdir(directory, { recursive: true });
    for (const tar of tars) {
      const argv = ["tar", "--extract", `--file=${tar}`, "--no-same-owner"];
      await runTool(argv, { ...limitsOf(options), cwd: directory });
    }
    return new BuildTree(directory, options);
  }

  /** Below `src`; none where a build might read them after all. */
  async #unreadFolders(): Promise<string[]> {
    const { unread } = this.options.recipe;
    if (unread === undefined) return [];
    const parent = join(this.directory, "src", unread);
    const own = await lstat(parent).catch(() => undefined);
    if (!own?.isDirectory()) return [];
    const entries = await readdir(parent, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    // It goes by no link: they may lead anywhere, and round in circles.
    const find = ["find", "-P", ".", "-mindepth", "2", "-name", "meson.build", "-print0"];
    const { stdout } = await runTool(find, { ...limitsOf(this.options), cwd: parent });
    const read = new Set(stdout.split("\0").map((path) => path.split("/")[1]));
    return folders
      .filter((name) => !read.has(name) && !name.includes(NOT_UTF8))
      .map((name) => `${unread}/${name}`);
  }

  #sourceReadOnly(): SandboxMount {
    return { source: join(this.directory, "src"), target: PLACES.source };
  }

  async #run(argv: readonly string[], mounts: readonly SandboxMount[], cwd = TREE) {
    for (const folder of [this.directory, join(this.directory, "src")])
      await checkOwnFolder(folder);
    const { builder, scratch, limits = BUILD_LIMITS, signal } = this.options;
    const { log } = this;
    if (isRoot() && this.#owner === undefined) {
      // Once, before anything of a patch's is in it: it may leave millions of files.
      const owner = sandboxUser();
      await giveFolders(owner, [this.directory], signal);
      this.#owner = owner;
    }
    return builder.run({
      ...(this.#owner !== undefined && { user: this.#owner }),
      argv,
      cwd,
      mounts: [{ source: this.directory, target: TREE, writable: true }, ...mounts],
      limits,
      log,
      scratch,
      ...(signal && { signal }),
    });
  }
}
