import { chmod, rename } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../base/error.ts";
import { runTool } from "../base/process.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { bootstrapDirectory } from "./bootstrap-directory.ts";
import { ImageBuildFailed } from "./errors.ts";
import type { LockedPackage } from "./lock-file.ts";
import type { PackageCache } from "./package-cache.ts";
import { PackageServer } from "./package-server.ts";

/** Time of every file of an image, so that equal packages make equal bytes. */
export const IMAGE_EPOCH = 1_700_000_000;

/** Not installed: nothing that Xen, libvirt or a guest reads. */
const EXCLUDED_PATHS = [
  "/usr/share/man/*",
  "/usr/share/doc/*",
  "/usr/share/info/*",
  "/usr/share/locale/*",
  ...["gpu", "media", "infiniband", "isdn", "staging", "iio"].flatMap((folder) => [
    `/lib/modules/*/kernel/drivers/${folder}/*`,
    `/usr/lib/modules/*/kernel/drivers/${folder}/*`,
  ]),
  ...["sound", "net/wireless", "net/bluetooth", "drivers/net/wireless"].flatMap((folder) => [
    `/lib/modules/*/kernel/${folder}/*`,
    `/usr/lib/modules/*/kernel/${folder}/*`,
  ]),
];

/** What maintainer scripts leave behind that is made of chance or of the time of the build. */
const UNREPRODUCIBLE = [
  "/etc/ssh/ssh_host_*",
  "/etc/apt/sources.list",
  "/etc/apt/sources.list.d/*",
  "/var/log/*.log",
  "/var/log/apt/*",
  "/var/cache/ldconfig/aux-cache",
  "/var/lib/systemd/random-seed",
  "/var/lib/systemd/catalog/database",
  "/var/cache/apt/*.bin",
  "/var/lib/dbus/machine-id",
  "/etc/lvm/devices/*",
];

/** Enabled by their packages; the harness starts them when somebody needs them. */
const STARTED_ON_DEMAND = ["/etc/systemd/system/multi-user.target.wants/ssh.service"];

const REMOVED = [...UNREPRODUCIBLE, ...STARTED_ON_DEMAND];

/** Part of the store key: other exclusions make another image. */
export const ROOTFS_RECIPE = { epoch: IMAGE_EPOCH, excluded: EXCLUDED_PATHS, removed: REMOVED };

export interface RootfsRequest {
  spec: HostSpec;
  packages: readonly LockedPackage[];
  cache: PackageCache;
  directory: string;
  /** Directory for what is gone afterwards, where other users can get to it. */
  scratch: string;
  signal?: AbortSignal;
}

/** Installs exactly the locked packages with mmdebstrap; leaves `root.tar` in the directory. */
export async function buildRootfs(request: RootfsRequest): Promise<void> {
  const { spec, packages, cache, directory, scratch, signal } = request;
  await using server = await PackageServer.start(cache, packages, signal);
  await using temporary = await bootstrapDirectory(scratch);
  const partial = join(directory, "root.tar.partial");
  const argv = [
    "mmdebstrap",
    "--variant=custom",
    `--include=${packages.map((p) => `${p.name}=${p.version}`).join(",")}`,
    "--architectures=amd64",
    "--aptopt=APT::Install-Recommends false",
    "--dpkgopt=force-unsafe-io",
    ...EXCLUDED_PATHS.map((path) => `--dpkgopt=path-exclude=${path}`),
    `--customize-hook=rm -rf ${REMOVED.map((path) => `"$1"${path}`).join(" ")}`,
    '--customize-hook=: > "$1/etc/machine-id"',
    spec.release,
    "-",
    server.source,
  ];
  try {
    await runTool(argv, {
      stdoutFile: partial,
      timeoutMs: 1_800_000,
      env: {
        TMPDIR: temporary.path,
        SOURCE_DATE_EPOCH: String(IMAGE_EPOCH),
        // The hosts boot from an initramfs of our own; the distribution's would only cost time.
        INITRD: "No",
        DEBIAN_FRONTEND: "noninteractive",
      },
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ImageBuildFailed("mmdebstrap", messageOf(error), "xenloop doctor", error);
  }
  await chmod(partial, 0o644);
  await rename(partial, join(directory, "root.tar"));
}
