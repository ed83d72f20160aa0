import { join } from "node:path";
import { sha256Json } from "../base/hash.ts";
import {
  ensureHostImage,
  type HostImage,
  type HostImageOptions,
  type Replacement,
} from "../image/host-image.ts";
import { lockOf, type ImageContext } from "../image/host-rootfs.ts";
import { lockedVersions } from "../image/locked-versions.ts";
import { Scratch } from "../image/scratch.ts";
import { answer } from "../rules/index.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { ensureBase } from "./base-build.ts";
import { BuildTree } from "./build-tree.ts";
import { builderSpec } from "./builder-spec.ts";
import type { Builder } from "./builder.ts";
import { ensureBuilder } from "./builder-root.ts";
import { LIBVIRT } from "./libvirt-recipe.ts";
import { packFiles } from "./pack-files.ts";
import { PairRefused } from "./errors.ts";
import { distributionSource, type Source } from "./source.ts";

/** Changes when the same build is put into images in another way. */
const REPLACEMENT_FORMAT = 1;

/** The image of a host, with a libvirt built for it where its file says so. */
export async function ensureImage(
  spec: HostSpec,
  context: ImageContext,
  options: HostImageOptions = {},
): Promise<HostImage> {
  if (!spec.libvirt) return ensureHostImage(spec, context, options);
  return ensureHostImage(spec, context, {
    ...options,
    replaced: await ensureReplacement(spec, context),
  });
}

/** The source of the libvirt that a host has: its own distribution's, unless its file says other. */
export async function ownSource(
  host: HostSpec,
  builder: Builder,
  context: ImageContext,
): Promise<Source> {
  if (!host.libvirt) return distributionSource("libvirt", builder, context);
  const spec = builderSpec({ ...host, ...host.libvirt.source });
  return distributionSource("libvirt", { spec, lock: await lockOf(spec, context) }, context);
}

/** @throws PairRefused | BaseDoesNotBuild */
async function ensureReplacement(spec: HostSpec, context: ImageContext): Promise<Replacement> {
  await checkPair(spec, context);
  const { cache, store, signal } = context;
  const builder = await ensureBuilder(spec, context);
  const source = await ownSource(spec, builder, context);
  const log = join(cache, "logs", `libvirt-${spec.name}.log`);
  const base = await ensureBase({ source, host: spec, builder, recipe: LIBVIRT, log }, context);
  const inputs = { format: REPLACEMENT_FORMAT, build: base.key };
  const entry = await store.ensure({
    kind: "libvirt",
    key: sha256Json(inputs),
    inputs,
    host: spec.name,
    ...(signal && { signal }),
    build: async (directory) => {
      await using scratch = await Scratch.create(join(cache, "scratch"), "libvirt");
      const options = {
        builder,
        recipe: LIBVIRT,
        scratch: scratch.path,
        log: join(scratch.path, "log"),
      };
      const tree = await BuildTree.restore([base.tar], join(scratch.path, "tree"), options);
      const root = join(scratch.path, "root");
      await packFiles([...(await tree.products()).values()], root, join(directory, "files.tar"));
    },
  });
  return { digest: entry.digest, tar: entry.path("files.tar") };
}

/** The rules know of pairs that cannot work: nothing is built for those. */
async function checkPair(spec: HostSpec, context: ImageContext): Promise<void> {
  const xen = lockedVersions(await lockOf(spec, context))?.xen ?? spec.expect.xen;
  const { supported, notMet } = answer({ xen, libvirt: spec.expect.libvirt });
  if (!supported)
    throw new PairRefused(
      spec.name,
      notMet.map(({ text }) => text),
    );
}
