import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sha256Json } from "../base/hash.ts";
import type { ImageContext } from "../image/host-rootfs.ts";
import { Scratch } from "../image/scratch.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { logFrom } from "./build-log.ts";
import { BuildTree } from "./build-tree.ts";
import type { Builder } from "./builder.ts";
import { BaseDoesNotBuild } from "./errors.ts";
import { failureOfStep } from "./first-error.ts";
import type { Recipe } from "./recipe.ts";
import type { SandboxResult } from "./sandbox.ts";
import type { Source } from "./source.ts";

/** Changes when a build is packed in another way. */
const BASE_FORMAT = 2;
const TREE = "tree.tar";
const UNREAD = "unread.tar";

/** A source without any patch, built: what every patch is built on, and compared with. */
export interface BaseBuild {
  source: Source;
  host: HostSpec;
  builder: Builder;
  recipe: Recipe;
  /** The tree with its build, packed. */
  tar: string;
  /** What of the source builds do not read, packed: a patch may change it. */
  unread: string;
  key: string;
}

export interface BaseOptions {
  source: Source;
  host: HostSpec;
  builder: Builder;
  recipe: Recipe;
  /** Takes what the build printed, also when the store had it. */
  log: string;
}

/** The built tree from the store, or built now. @throws BaseDoesNotBuild */
export async function ensureBase(
  { source, host, builder, recipe, log }: BaseOptions,
  context: ImageContext,
): Promise<BaseBuild> {
  const { cache, store, signal } = context;
  const inputs = {
    format: BASE_FORMAT,
    root: builder.key,
    source: source.digest,
    recipe: recipe.key,
    unread: recipe.unread ?? null,
  };
  const entry = await store.ensure({
    kind: "build",
    key: sha256Json(inputs),
    inputs: { ...inputs, title: source.title },
    host: host.name,
    ...(signal && { signal }),
    build: async (directory) => {
      await using scratch = await Scratch.create(join(cache, "scratch"), "build");
      const own = join(scratch.path, "build.log");
      await writeFile(own, "");
      const tree = new BuildTree(join(scratch.path, "tree"), {
        ...{ builder, recipe, scratch: scratch.path, log: own },
        ...(signal && { signal }),
      });
      const step = async (name: string, work: () => Promise<SandboxResult>): Promise<void> => {
        const done = context.phase(name);
        const result = await work();
        done();
        const why = failureOfStep(result, await logFrom(own));
        if (why === undefined) return;
        await keepLog(own, log);
        throw new BaseDoesNotBuild(source.title, host.name, why, log);
      };
      await step("unpack source", () => tree.unpack(source));
      await step("configure", () => tree.configure());
      await step("compile", () => tree.compile());
      await step("collect", () => tree.collect());
      await tree.pack(join(directory, TREE), join(directory, UNREAD));
      await copyFile(own, join(directory, "build.log"));
    },
  });
  await keepLog(entry.path("build.log"), log);
  const { key } = entry;
  const packed = { tar: entry.path(TREE), unread: entry.path(UNREAD) };
  return { source, host, builder, recipe, ...packed, key };
}

async function keepLog(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}
