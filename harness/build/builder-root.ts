import { access, mkdir, rename, utimes } from "node:fs/promises";
import { join } from "node:path";
import { withFileLock } from "../base/file-lock.ts";
import { runTool } from "../base/process.ts";
import type { ImageContext } from "../image/host-rootfs.ts";
import { Scratch } from "../image/scratch.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { Builder } from "./builder.ts";
import { builderRootfs } from "./builder-rootfs.ts";
import type { Product } from "./builder-spec.ts";
import { runSandboxed } from "./sandbox.ts";
import { WORK } from "./sandbox-argv.ts";

/** Below the cache: one unpacked root a key. */
export const BUILDERS = "builders";

/** The builder of a host, from the store or built; unpacked, since builds run in it in place. */
export async function ensureBuilder(
  host: HostSpec,
  context: ImageContext,
  product: Product = "libvirt",
): Promise<Builder> {
  const { spec, lock, rootfs } = await builderRootfs(host, context, product);
  const directory = join(context.cache, BUILDERS, rootfs.key);
  await context.store.leases.hold(builderLease(rootfs.key));
  if (!(await isThere(directory))) {
    await withFileLock(
      `${directory}.unpacking`,
      () => unpack(rootfs.path("root.tar"), directory, context),
      context.signal,
    );
  }
  const now = new Date();
  await utimes(directory, now, now).catch(() => undefined);
  const key = rootfs.key;
  return { kind: "root", spec, lock, key, run: (request) => runSandboxed(request, directory) };
}

/** Keeps an unpacked root from being removed while a process builds in it. */
export function builderLease(key: string): string {
  return `builder-${key}`;
}

async function unpack(tar: string, directory: string, context: ImageContext): Promise<void> {
  if (await isThere(directory)) return;
  const unpacked = context.phase("unpack");
  await using scratch = await Scratch.create(join(context.cache, BUILDERS), ".unpacking");
  const root = join(scratch.path, "root");
  await mkdir(root);
  // Devices are the sandbox's own; the others would need root to make.
  const argv = ["tar", "--extract", `--file=${tar}`, "--exclude=./dev/*", `--directory=${root}`];
  await runTool(argv, { timeoutMs: 300_000, ...(context.signal && { signal: context.signal }) });
  await mkdir(join(root, WORK), { recursive: true });
  await rename(root, directory);
  unpacked();
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
