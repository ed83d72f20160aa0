import { join } from "node:path";
import { sha256Json } from "../base/hash.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { effectiveLock, withArchive } from "./host-lock.ts";
import { IMAGE_FORMAT, type HostLock, type LockedPackage } from "./lock-file.ts";
import { PackageCache, type ProgressListener } from "./package-cache.ts";
import { applianceHook } from "./appliance.ts";
import { buildRootfs, ROOTFS_RECIPE } from "./rootfs.ts";
import type { Store, StoreEntry } from "./store.ts";

/** Name under which builders of the store hold the package cache. */
export const PACKAGES_LEASE = "packages";

export interface ImageContext {
  cache: string;
  store: Store;
  signal?: AbortSignal;
  /** A lock to build from instead of the project's. */
  lockFile?: string;
  /** A phase of the preparation begins; the returned function ends it. */
  phase(name: string): (detail?: string) => void;
  warn(message: string): void;
  /** While packages are downloaded. */
  onProgress?: ProgressListener;
}

/** The lock that a host is built from; says when that is not the project's. */
export async function lockOf(spec: HostSpec, context: ImageContext): Promise<HostLock> {
  const { lock, unpinned } = await effectiveLock(spec, context);
  if (unpinned) context.warn(`${spec.name} is not pinned: ${unpinned}`);
  return lock;
}

export interface RootfsOptions {
  /** Made with the distribution's own initramfs. */
  initrd?: boolean;
}

function rootfsInputs(
  { release, requested, packages }: HostLock,
  { initrd = false }: RootfsOptions,
) {
  const appliance = applianceHook(requested, ROOTFS_RECIPE.epoch);
  return {
    format: IMAGE_FORMAT,
    release,
    recipe: ROOTFS_RECIPE,
    packages: packages.map(({ sha256 }) => sha256),
    ...(initrd && { initrd }),
    ...(appliance !== undefined && { appliance }),
  };
}

/** Names the root file system that a lock makes. */
export function rootfsKey(lock: HostLock, options: RootfsOptions = {}): string {
  return sha256Json(rootfsInputs(lock, options));
}

/** The packages of a lock, installed: the entry's `root.tar`. */
export async function ensureRootfs(
  spec: HostSpec,
  lock: HostLock,
  context: ImageContext,
  options: RootfsOptions = {},
): Promise<StoreEntry> {
  const { cache, store, signal, onProgress } = context;
  return store.ensure({
    kind: "rootfs",
    key: rootfsKey(lock, options),
    inputs: rootfsInputs(lock, options),
    host: spec.name,
    ...(signal && { signal }),
    onBuild: warnOfDamage(context),
    build: async (directory) => {
      const packages = new PackageCache(join(cache, "packages"));
      await store.leases.hold(PACKAGES_LEASE);
      const fetched = context.phase("packages");
      const scratch = join(cache, "scratch");
      const missing = await packages.missing(lock.packages);
      if (missing.length > 0) {
        await withArchive(spec, scratch, signal, (archive) =>
          packages.fetch(spec, missing, archive, {
            ...(signal && { signal }),
            ...(onProgress && { onProgress }),
          }),
        );
      }
      fetched(`${missing.length} of ${lock.packages.length} downloaded, ${mebibytes(missing)}`);
      const built = context.phase("rootfs");
      await buildRootfs({
        spec,
        packages: lock.packages,
        cache: packages,
        directory,
        initrd: options.initrd ?? false,
        scratch,
        log: join(cache, "logs", `rootfs-${spec.name}.log`),
        ...(signal && { signal }),
      });
      built();
    },
  });
}

export function warnOfDamage({ warn }: ImageContext): (reason: string) => void {
  return (reason) => {
    if (reason !== "absent") warn(`${reason}; it is built anew`);
  };
}

function mebibytes(packages: readonly LockedPackage[]): string {
  const bytes = packages.reduce((sum, locked) => sum + locked.bytes, 0);
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
