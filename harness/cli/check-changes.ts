import { join, resolve } from "node:path";
import type { Builder } from "../build/builder.ts";
import { SourceUnusable } from "../build/errors.ts";
import { formatPatches, resolveRevision, workTreeDiff } from "../build/git-tree.ts";
import { loadPatches, type Patch } from "../build/patch-series.ts";
import { gitSource, kindOfSource, tarballSource, type Source } from "../build/source.ts";
import { ownSource } from "../build/rebuilt-image.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { ImageContext } from "../image/host-rootfs.ts";
import { UsageInvalid } from "./errors.ts";

export interface CheckInput {
  /** Word of the command line. */
  libvirt: string;
  patch: readonly string[];
  base: string | undefined;
  /** Only the source is wanted, without any patch. */
  prepare: boolean;
}

/** What is checked: a source, and the patches to it in their order. */
export interface Changes {
  patches: Patch[];
  source(host: HostSpec, builder: Builder): Promise<Source>;
}

/**
 * Reads the source and the patches that a command line names.
 * @throws SourceUnusable | PatchUnreadable | UsageInvalid
 */
export async function readChanges(
  { libvirt, patch, base, prepare }: CheckInput,
  cwd: string,
  scratch: string,
  context: ImageContext,
): Promise<Changes> {
  const kind = await kindOfSource(libvirt, cwd);
  if (prepare && patch.length > 0) {
    throw new UsageInvalid("--prepare builds the source without any --patch", "xenloop check");
  }
  const files = patch.map((file) => resolve(cwd, file));
  if (kind === "git" && !prepare) return ofCheckout(resolve(cwd, libvirt), files, base, scratch);
  if (kind === "git") return { patches: [], source: await ofCommit(resolve(cwd, libvirt), base) };
  if (base !== undefined) {
    throw new UsageInvalid("--base is a commit, and needs a git checkout", "xenloop check");
  }
  if (files.length === 0 && !prepare) {
    throw new UsageInvalid(`--libvirt ${libvirt} needs a patch: --patch FILE`, "xenloop check");
  }
  const patches = await loadPatches(files, scratch);
  const path = resolve(cwd, libvirt);
  return {
    patches,
    source: (host, builder) =>
      kind === "tarball" ? tarballSource(path) : ownSource(host, builder, context),
  };
}

async function ofCommit(checkout: string, base = "HEAD"): Promise<Changes["source"]> {
  const { commit } = await resolveRevision(checkout, base);
  return () => gitSource(checkout, commit);
}

async function ofCheckout(
  checkout: string,
  files: readonly string[],
  base = "HEAD",
  scratch: string,
): Promise<Changes> {
  const { commit } = await resolveRevision(checkout, base);
  const source = await ofCommit(checkout, commit);
  if (files.length > 0) return { patches: await loadPatches(files, scratch), source };
  const mails = await formatPatches(checkout, commit, join(scratch, "commits"));
  const patches = mails.length > 0 ? await loadPatches(mails, scratch) : [];
  const head = await resolveRevision(checkout, "HEAD");
  const text = await workTreeDiff(checkout, head.commit, join(scratch, "work-tree"));
  if (text !== "") patches.push({ title: "the working tree", text });
  if (patches.length === 0) {
    throw new SourceUnusable(
      checkout,
      `nothing in it differs from ${base}`,
      "change something, or name --patch FILE or an earlier --base REV",
    );
  }
  return { patches, source };
}
