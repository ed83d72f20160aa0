import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf } from "../base/error.ts";
import { runTool } from "../base/process.ts";
import { isRoot } from "../base/root.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { applianceHook } from "./appliance.ts";
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

/** What is made of chance, of the time of the build, or of the machine that builds. */
const UNREPRODUCIBLE = [
  "/etc/hostname",
  "/etc/resolv.conf",
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
  // Compiled when first imported; the others are by py3compile, the same each time.
  "/usr/share/python3/debpython/__pycache__",
];

/** Enabled by their packages; the harness starts them when somebody needs them. */
const STARTED_ON_DEMAND = ["/etc/systemd/system/multi-user.target.wants/ssh.service"];

const REMOVED = [...UNREPRODUCIBLE, ...STARTED_ON_DEMAND];

/** The "custom" one would unpack every package twice. */
const VARIANT = "essential";

/** Keys that are there are not made; these go away again with UNREPRODUCIBLE. */
const PLACEHOLDER_KEYS = ["rsa", "ecdsa", "ed25519"].map((kind) => `/etc/ssh/ssh_host_${kind}_key`);

/** Part of the store key: another recipe makes another image. */
export const ROOTFS_RECIPE = {
  epoch: IMAGE_EPOCH,
  variant: VARIANT,
  excluded: EXCLUDED_PATHS,
  removed: REMOVED,
};

export interface RootfsRequest {
  spec: HostSpec;
  packages: readonly LockedPackage[];
  cache: PackageCache;
  directory: string;
  /** Makes the distribution's own initramfs as well. */
  initrd: boolean;
  /** Directory for what is gone afterwards, where other users can get to it. */
  scratch: string;
  /** Takes what mmdebstrap said when it failed. */
  log: string;
  signal?: AbortSignal;
}

/** Installs exactly the locked packages with mmdebstrap; leaves `root.tar` in the directory. */
export async function buildRootfs(request: RootfsRequest): Promise<void> {
  const { spec, packages, cache, directory, initrd, scratch, log, signal } = request;
  await using server = await PackageServer.start(cache, packages, spec.release, signal);
  await using temporary = await bootstrapDirectory(scratch);
  const partial = join(directory, "root.tar.partial");
  const appliance = applianceHook(spec.packages, IMAGE_EPOCH);
  const argv = [
    ...inOwnMounts(),
    "mmdebstrap",
    `--variant=${VARIANT}`,
    `--include=${packages.map((p) => `${p.name}=${p.version}`).join(",")}`,
    "--architectures=amd64",
    "--aptopt=APT::Install-Recommends false",
    "--dpkgopt=force-unsafe-io",
    ...EXCLUDED_PATHS.map((path) => `--dpkgopt=path-exclude=${path}`),
    `--essential-hook=mkdir -p "$1/etc/ssh"; touch ${inRoot(PLACEHOLDER_KEYS)}`,
    ...(appliance === undefined ? [] : [`--customize-hook=${appliance}`]),
    `--customize-hook=rm -rf ${inRoot(REMOVED)}`,
    '--customize-hook=: > "$1/etc/machine-id"',
    spec.release,
    "-",
    server.source,
  ];
  const { exitCode, stderr } = await runTool(argv, {
    stdoutFile: partial,
    timeoutMs: 1_800_000,
    acceptExitCodes: ANY_EXIT_CODE,
    env: {
      ...withoutOwnEnvironment(),
      TMPDIR: temporary.path,
      SOURCE_DATE_EPOCH: String(IMAGE_EPOCH),
      // The hosts boot from an initramfs of our own; the distribution's would only cost time.
      ...(!initrd && { INITRD: "No" }),
      DEBIAN_FRONTEND: "noninteractive",
      PYTHONHASHSEED: "0",
      LC_ALL: "C.UTF-8",
    },
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ImageBuildFailed("mmdebstrap", messageOf(error), "xenloop doctor", error);
  });
  if (exitCode !== 0) {
    await mkdir(dirname(log), { recursive: true });
    await writeFile(log, stderr);
    throw new ImageBuildFailed("mmdebstrap", complaints(stderr), `less ${log}`);
  }
  await chmod(partial, 0o644);
  await rename(partial, join(directory, "root.tar"));
}

/** As root, mmdebstrap's mounts would outlive it when it is killed; as another user they cannot. */
function inOwnMounts(): string[] {
  return isRoot() ? ["unshare", "--mount", "--"] : [];
}

/** Takes variables such as TZ and http_proxy from the maintainer scripts, which would obey. */
function withoutOwnEnvironment(): Record<string, undefined> {
  const needed = ["PATH", "HOME", "USER", "LOGNAME"];
  const others = Object.keys(process.env).filter((name) => !needed.includes(name));
  return Object.fromEntries(others.map((name) => [name, undefined]));
}

const ANY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);
/** What the programs in the chroot said; mmdebstrap itself then repeats its own command line. */
const COMPLAINT = /^(E|dpkg|dpkg-deb|tar): |no space left on device/i;
const EMPTY_WORDS = /^E: (setup failed|mmdebstrap failed|command failed)/;

function complaints(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => COMPLAINT.test(line) && line.length < 300);
  const telling = lines.filter((line) => !EMPTY_WORDS.test(line));
  return [...new Set(telling)].slice(0, 3).join(" | ") || "it gives no reason";
}

/** For a hook's shell, which gets the root as its first argument; the paths may be patterns. */
function inRoot(paths: readonly string[]): string {
  return paths.map((path) => `"$1"${path}`).join(" ");
}
