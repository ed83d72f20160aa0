import { join } from "node:path";
import type { BaseBuild } from "../build/base-build.ts";
import { ensureBase } from "../build/base-build.ts";
import type { Builder, BuilderSource } from "../build/builder.ts";
import type { BuiltFile } from "../build/build-tree.ts";
import { PatchRefused } from "../build/errors.ts";
import type { Attempt } from "../build/attempts.ts";
import type { Patch } from "../build/patch-series.ts";
import { changedProducts, PatchedTree } from "../build/patched-build.ts";
import type { Recipe } from "../build/recipe.ts";
import type { Source } from "../build/source.ts";
import type { ImageContext } from "../image/host-rootfs.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { isOtherRelease } from "./release.ts";

/** One patched state of the source. */
export interface Variant {
  /** Value of the cells' axis. */
  name: string;
  /** For people. */
  title: string;
  /** Applied on top of the variant before it. */
  patches: readonly Patch[];
}

/** How a variant's build for one host came out. */
export interface VariantBuild {
  variant: Variant;
  ms: number;
  log: string;
  attempts: readonly Attempt[];
  products: ReadonlyMap<string, BuiltFile>;
  /** Why there is nothing to run. */
  refused?: PatchRefused;
}

/** All builds for one host. */
export interface HostBuilds {
  base: ReadonlyMap<string, BuiltFile>;
  variants: VariantBuild[];
  /** Installed paths in which any variant differs from the base. */
  changed: string[];
  /** What is put on hosts, of whichever build. */
  shipped: string[];
}

export interface BuildOptions {
  recipe: Recipe;
  builder: BuilderSource;
  /** Of the base; a distribution's source differs from host to host. */
  source(host: HostSpec, builder: Builder): Promise<Source>;
  variants: readonly Variant[];
  /** Folder for the logs. */
  logs: string;
}

/**
 * Builds the base and every variant for a host. A variant that does not apply or compile ends
 * the series.
 * @throws BaseDoesNotBuild | OtherXen
 */
export async function buildFor(
  host: HostSpec,
  { recipe, builder: builderOf, source, variants, logs }: BuildOptions,
  context: ImageContext,
): Promise<HostBuilds> {
  const builder = await builderOf(host, context);
  const log = (name: string) => join(logs, `${host.name}-${name}.log`);
  const request = { host, builder, recipe, source: await source(host, builder), log: log("base") };
  const base: BaseBuild = await ensureBase(request, context);
  const patches = variants.flatMap((variant) => variant.patches);
  await using tree = await PatchedTree.open(base, patches, context);
  const isOther = isOtherRelease(recipe.product, host, tree.products.keys());
  const built: VariantBuild[] = [];
  for (const variant of variants) {
    const started = performance.now();
    const common = { variant, log: log(variant.name) };
    const ms = () => performance.now() - started;
    try {
      const { products, attempts } = await tree.build(variant.patches, common.log);
      built.push({ ...common, ms: ms(), attempts, products });
    } catch (error) {
      if (!(error instanceof PatchRefused)) throw error;
      const { attempts } = error;
      built.push({ ...common, ms: ms(), attempts, products: new Map(), refused: error });
      break;
    }
  }
  const served = built.filter(({ refused }) => !refused);
  const differing = served.flatMap(({ products }) => changedProducts(tree.products, products));
  const changed = [...new Set(differing)].sort();
  const all = [tree.products, ...served.map(({ products }) => products)];
  const shipped = recipe.product === "libvirt" ? shippedWith(changed, all, isOther) : changed;
  return { base: tree.products, variants: built, changed, shipped };
}

/**
 * Daemon and drivers use what their library does not promise to others: where it changes, all of
 * them come along, so that those of the distribution's build do not meet it. Of another release
 * than the host's all files do, programs and data too.
 */
export function shippedWith(
  changed: readonly string[],
  builds: readonly ReadonlyMap<string, unknown>[],
  isOther: boolean,
): string[] {
  if (!isOther && !changed.some((path) => LIBRARY.test(path))) return [...changed];
  const all = builds.flatMap((products) => [...products.keys()]);
  const coupled = all.filter((path) => isOther || COUPLED.test(path));
  return [...new Set([...changed, ...coupled])].sort();
}

const LIBRARY = /\/libvirt(?:-\w+)?\.so\.\d/;
const COUPLED = /^\/usr\/(?:sbin|lib)\//;
