import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ImageContext } from "../image/host-rootfs.ts";
import { Scratch } from "../image/scratch.ts";
import { BuildTree, type BuiltFile } from "./build-tree.ts";
import { logFrom, logSize } from "./build-log.ts";
import type { Attempt } from "./attempts.ts";
import type { BaseBuild } from "./base-build.ts";
import { NotOfTheBuild, PatchDoesNotApply, PatchDoesNotBuild } from "./errors.ts";
import { failureOfStep, refusedHunk } from "./first-error.ts";
import { touchesFolder, type Patch } from "./patch-series.ts";

/** What a patch makes of the base. */
export interface PatchedBuild {
  products: ReadonlyMap<string, BuiltFile>;
  /** What the build tried beyond what it may, and got nowhere with. */
  attempts: Attempt[];
  log: string;
}

/**
 * A copy of a base's built tree to which patches are applied, one after the other. What a patch
 * builds is never kept: the next one starts from the base that nobody's patch has touched.
 */
export class PatchedTree implements AsyncDisposable {
  readonly #tree: BuildTree;

  private constructor(
    readonly base: BaseBuild,
    /** Of the base itself. */
    readonly products: ReadonlyMap<string, BuiltFile>,
    readonly scratch: Scratch,
    tree: BuildTree,
    readonly context: ImageContext,
  ) {
    this.#tree = tree;
  }

  /** @param patches all that are going to be applied */
  static async open(
    base: BaseBuild,
    patches: readonly Patch[],
    context: ImageContext,
  ): Promise<PatchedTree> {
    const unpacked = context.phase("unpack base");
    const scratch = await Scratch.create(join(context.cache, "scratch"), "patched");
    try {
      const { signal } = context;
      const options = {
        ...{ builder: base.builder, recipe: base.recipe },
        ...{ scratch: scratch.path, log: join(scratch.path, "log") },
        ...(signal && { signal }),
      };
      const { unread } = base.recipe;
      const all = patches.some(({ text }) => unread !== undefined && touchesFolder(text, unread));
      const tars = all ? [base.tar, base.unread] : [base.tar];
      const tree = await BuildTree.restore(tars, join(scratch.path, "tree"), options);
      const products = await tree.products();
      unpacked();
      return new PatchedTree(base, products, scratch, tree, context);
    } catch (error) {
      await scratch[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Applies patches and compiles.
   * @param log takes what the build prints
   * @throws PatchDoesNotApply | PatchDoesNotBuild
   */
  async build(patches: readonly Patch[], log: string): Promise<PatchedBuild> {
    await mkdir(dirname(log), { recursive: true });
    await writeFile(log, "");
    const tree = this.#tree;
    tree.log = log;
    const attempts: Attempt[] = [];
    const title =
      patches.length === 1 ? (patches[0]?.title ?? "") : `the ${patches.length} patches`;
    const applied = this.context.phase("apply");
    for (const patch of patches) {
      const from = await logSize(log);
      const result = await tree.apply(patch.text);
      if (result.exitCode !== 0) {
        const why = result.exceeded?.detail ?? refusedHunk(await logFrom(log, from));
        throw new PatchDoesNotApply(patch.title, why, { log });
      }
    }
    applied();
    for (const step of ["compile", "collect"] as const) {
      const done = this.context.phase(step);
      const result = await tree[step]();
      done();
      for (const attempt of result.attempts) {
        if (attempts.every(({ what }) => what !== attempt.what)) attempts.push(attempt);
      }
      const why = failureOfStep(result, await logFrom(log));
      if (why !== undefined) {
        throw new PatchDoesNotBuild(title, this.base.host.name, why, { log, attempts });
      }
    }
    try {
      return { products: await tree.products(), attempts, log };
    } catch (error) {
      if (!(error instanceof NotOfTheBuild)) throw error;
      throw new PatchDoesNotBuild(title, this.base.host.name, error.message, { log, attempts });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scratch[Symbol.asyncDispose]();
  }
}

/** Paths of what differs between two builds, or is only in one of them. */
export function changedProducts(
  base: ReadonlyMap<string, BuiltFile>,
  patched: ReadonlyMap<string, BuiltFile>,
): string[] {
  const paths = new Set([...base.keys(), ...patched.keys()]);
  return [...paths].filter((path) => base.get(path)?.sha256 !== patched.get(path)?.sha256).sort();
}
