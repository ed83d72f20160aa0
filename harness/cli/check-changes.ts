import { join, resolve } from "node:path";
import type { Builder } from "../build/builder.ts";
import type { Product } from "../build/builder-spec.ts";
import { SourceUnusable } from "../build/errors.ts";
import {
  formatPatches,
  mergedDiff,
  missingPaths,
  resolveRevision,
  workTreeDiff,
} from "../build/git-tree.ts";
import { LIBVIRT } from "../build/libvirt-recipe.ts";
import { isUrl } from "../build/patch-bytes.ts";
import { loadPatches, type Patch } from "../build/patch-series.ts";
import { distributionSource, gitSource, kindOfSource, tarballSource } from "../build/source.ts";
import type { Source } from "../build/source.ts";
import { ownSource } from "../build/rebuilt-image.ts";
import type { Recipe } from "../build/recipe.ts";
import { XEN } from "../build/xen-recipe.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { ImageContext } from "../image/host-rootfs.ts";
import { UsageInvalid } from "./errors.ts";

export interface CheckInput {
  product: Product;
  /** Word of the command line. */
  word: string;
  patch: readonly string[];
  base: string | undefined;
  /** Patches are judged one by one. */
  each: boolean;
  /** Only the source is wanted, without any patch. */
  prepare: boolean;
}

/** What is checked: a source, and the patches to it in their order. */
export interface Changes {
  recipe: Recipe;
  patches: Patch[];
  /** What the user may take for a part of it, and is none. */
  leftOut?: string;
  source(host: HostSpec, builder: Builder): Promise<Source>;
}

/**
 * Reads the source and the patches that a command line names.
 * @throws SourceUnusable | PatchUnreadable | UsageInvalid
 */
export async function readChanges(
  input: CheckInput,
  cwd: string,
  scratch: string,
  context: ImageContext,
): Promise<Changes> {
  const { product, word, patch, base, each, prepare } = input;
  const recipe = product === "xen" ? XEN : LIBVIRT;
  const kind = await kindOfSource(word, cwd);
  if (prepare && (patch.length > 0 || each)) {
    const what = "--prepare builds the source without any patch: leave out --patch and --each";
    throw new UsageInvalid(what, "xenloop check");
  }
  const files = patch.map((file) => (isUrl(file) ? file : resolve(cwd, file)));
  const path = resolve(cwd, word);
  if (kind === "git") {
    const { commit } = await resolveRevision(path, base ?? "HEAD");
    await checkProduct(path, commit, product);
    const source = (): Promise<Source> => gitSource(path, commit);
    if (prepare) return { recipe, patches: [], source };
    if (files.length > 0) {
      const patches = await loadPatches(files, scratch);
      const leftOut = await uncommitted(path, scratch);
      return { recipe, patches, source, ...(leftOut !== undefined && { leftOut }) };
    }
    const committed = { commit, base, each };
    return { recipe, patches: await changesSince(path, committed, scratch), source };
  }
  if (base !== undefined) {
    throw new UsageInvalid("--base is a commit, and needs a git checkout", "xenloop check");
  }
  if (files.length === 0 && !prepare) {
    throw new UsageInvalid(`--${product} ${word} needs a patch: --patch FILE`, "xenloop check");
  }
  const source: Changes["source"] = (host, builder) => {
    if (kind === "tarball") return tarballSource(path);
    if (product === "libvirt") return ownSource(host, builder, context);
    return Promise.resolve(distributionSource(product, builder, context));
  };
  return { recipe, patches: await loadPatches(files, scratch), source };
}

/** Where it does not look like that, nothing has to be built to see that it is something else. */
async function checkProduct(checkout: string, commit: string, product: Product): Promise<void> {
  const missing = await missingPaths(checkout, commit, MARKS[product]);
  if (missing.length === 0) return;
  const why = `it has no ${missing.join(", no ")}: it is not ${product}'s, or too old`;
  throw new SourceUnusable(checkout, why, `name a checkout of ${product} with --${product}`);
}

const MARKS: Readonly<Record<Product, readonly string[]>> = {
  libvirt: ["meson.build"],
  xen: ["xen/Makefile"],
};

async function uncommitted(checkout: string, scratch: string): Promise<string | undefined> {
  if ((await differsFromHead(checkout, scratch)) === "") return undefined;
  return `what is not committed in ${checkout} is no part of this check: with --patch, patches alone are`;
}

async function differsFromHead(checkout: string, scratch: string): Promise<string> {
  const { commit } = await resolveRevision(checkout, "HEAD");
  return workTreeDiff(checkout, commit, join(scratch, "work-tree"));
}

/** The commits after a base, and what is not committed. */
async function changesSince(
  checkout: string,
  { commit, base = "HEAD", each }: Pick<CheckInput, "base" | "each"> & { commit: string },
  scratch: string,
): Promise<Patch[]> {
  const patches = await committedSince(checkout, commit, { each, scratch });
  const text = await differsFromHead(checkout, scratch);
  if (text !== "") patches.push({ title: "the working tree", text });
  if (patches.length > 0) return patches;
  throw new SourceUnusable(
    checkout,
    `nothing in it differs from ${base}`,
    "change something, or name --patch FILE or an earlier --base REV",
  );
}

async function committedSince(
  checkout: string,
  commit: string,
  { each, scratch }: { each: boolean; scratch: string },
): Promise<Patch[]> {
  const merged = each ? undefined : await mergedDiff(checkout, commit);
  if (merged) {
    const title = merged.commits === 1 ? "the commit" : `the ${merged.commits} commits`;
    return merged.text === "" ? [] : [{ title, text: merged.text }];
  }
  return loadPatches(await formatPatches(checkout, commit, join(scratch, "commits")), scratch);
}
