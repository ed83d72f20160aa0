import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Json } from "../base/hash.ts";
import { REPO_ROOT } from "../base/repo-paths.ts";
import { runTool } from "../base/process.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { BOOT_DISK_RECIPE, buildBootDisk } from "./boot-disk.ts";
import { extractBootFiles } from "./boot-files.ts";
import { buildDisk } from "./disk.ts";
import { buildDebianGuest, DEBIAN_GUEST_FILES, DEBIAN_GUEST_RECIPE } from "./debian-guest.ts";
import { GUEST_BOOT_DISK, GUEST_DEBIAN_DISK, GUEST_INITRD, GUEST_KERNEL } from "./guest-paths.ts";
import { buildInitramfs } from "./initramfs.ts";
import { unpackKernel } from "./kernel-payload.ts";
import { MASKED_UNITS } from "./lean-boot.ts";
import { ensureRootfs, lockOf, rootfsKey, warnOfDamage, type ImageContext } from "./host-rootfs.ts";
import type { HostLock } from "./lock-file.ts";
import { buildOverlay } from "./overlay.ts";
import { Scratch } from "./scratch.ts";
import type { StoreEntry } from "./store.ts";
import { treeDigest } from "./tree-digest.ts";

const DISK_MEGABYTES = 3072;
const ROOT_MODULES = ["crc32c_generic?", "ext4"];
const DOM0_MODULES = [
  ...["virtio_pci", "virtio_blk", "virtio_net", "virtio_console", "virtio-rng"],
  ...[...ROOT_MODULES, "bridge"],
];
const GUEST_MODULES = ["xen-blkfront", "xen-netfront"];
/** The guest loads them only when it is told to look for a CD. */
const CD_MODULES = ["ata_piix", "sr_mod"];
const AGENT_UNIT = "xenloop-agent.service";

/** A bootable host on this machine's disk. All paths are absolute. */
export interface HostImage {
  spec: HostSpec;
  /** Raw disk; never written to. */
  disk: string;
  /** Hypervisor as an ELF file, as QEMU's multiboot loader wants it. */
  xen: string;
  kernel: string;
  initrd: string;
  /** E.g. `6.1.0-56-amd64`; the guests' kernel is the same file in dom0. */
  kernelVersion: string;
  lock: HostLock;
  /** Names this image, and with it everything in it. */
  key: string;
  /** SHA-256 over all its bytes, the same from every build of one lock. */
  digest: string;
  directory: string;
}

/** Files that take the place of the packages' own. */
export interface Replacement {
  /** Names them and their contents. */
  digest: string;
  /** Tar archive of them, at their places in the root file system. */
  tar: string;
}

export interface HostImageOptions {
  replaced?: Replacement;
  /** The distribution's own boot, its initramfs too, for measuring the lean one against it. */
  untuned?: boolean;
}

/** The image of a host: taken from the store, or built. */
export async function ensureHostImage(
  spec: HostSpec,
  context: ImageContext,
  options: HostImageOptions = {},
): Promise<HostImage> {
  const lock = await lockOf(spec, context);
  const untuned = options.untuned ?? false;
  const inputs = {
    host: spec.name,
    root: rootfsKey(lock, { initrd: untuned }),
    overlay: await treeDigest(OVERLAY_SOURCES.map((path) => join(REPO_ROOT, path))),
    modules: [DOM0_MODULES, GUEST_MODULES, CD_MODULES],
    bootDisk: BOOT_DISK_RECIPE,
    guestKernel: GUEST_KERNEL,
    megabytes: DISK_MEGABYTES,
    ...(options.replaced && { replaced: options.replaced.digest }),
    ...(spec.debianGuest && { debianGuest: await debianGuestInputs(lock) }),
    ...(untuned ? { untuned } : { masked: Object.keys(MASKED_UNITS) }),
  };
  const key = sha256Json(inputs);
  const entry = await context.store.ensure({
    kind: "host",
    key,
    inputs,
    host: spec.name,
    ...(context.signal && { signal: context.signal }),
    onBuild: warnOfDamage(context),
    build: async (directory) => {
      const rootfs = await ensureRootfs(spec, lock, context, { initrd: untuned });
      const guest = spec.debianGuest
        ? await ensureRootfs(spec, lock, context, WITH_INITRD)
        : undefined;
      const parts = { rootTar: rootfs.path("root.tar"), guestTar: guest?.path("root.tar") };
      await assemble(directory, parts, options, context);
    },
  });
  return imageOf(spec, lock, entry);
}

const OVERLAY_SOURCES = ["images/dom0", "images/agent", "images/guests/reporter"];

/** A guest boots as its distribution does. */
const WITH_INITRD = { initrd: true };

async function debianGuestInputs(lock: HostLock) {
  const files = await treeDigest([join(REPO_ROOT, DEBIAN_GUEST_FILES)]);
  return { root: rootfsKey(lock, WITH_INITRD), files, recipe: DEBIAN_GUEST_RECIPE };
}

interface Parts {
  rootTar: string;
  /** Of a Debian guest, where the host has one. */
  guestTar?: string | undefined;
}

async function assemble(
  directory: string,
  { rootTar, guestTar }: Parts,
  { untuned = false, replaced }: HostImageOptions,
  context: ImageContext,
): Promise<void> {
  const done = context.phase("disk");
  const { signal } = context;
  const abortable = { ...(signal && { signal }) };
  await using temporary = await Scratch.create(join(context.cache, "scratch"), "image");
  const scratch = temporary.path;
  const boot = await extractBootFiles(rootTar, join(scratch, "root"), signal);
  const unpack = { stdoutFile: join(directory, "xen"), timeoutMs: 60_000, ...abortable };
  await runTool(["gzip", "-dc", boot.xenGz], unpack);
  await copyFile(boot.kernel, join(directory, "vmlinuz"));
  const common = { busybox: boot.busybox, moduleDirectory: boot.moduleDirectory, ...abortable };
  if (boot.initrd === undefined) {
    await buildInitramfs({
      ...common,
      modules: DOM0_MODULES,
      init: join(REPO_ROOT, "images/dom0/initramfs-init"),
      output: join(directory, "initrd"),
    });
  } else {
    await copyFile(boot.initrd, join(directory, "initrd"));
  }
  const guestInitrd = join(scratch, "reporter-initrd");
  await buildInitramfs({
    ...common,
    modules: [...GUEST_MODULES, ...CD_MODULES],
    init: join(REPO_ROOT, "images/guests/reporter/init"),
    output: guestInitrd,
  });
  const guestKernel = join(scratch, "vmlinux");
  await unpackKernel(boot.kernel, guestKernel, signal);
  const bootDisk = join(scratch, "boot-disk.raw");
  const diskInitrd = join(scratch, "boot-disk-initrd");
  await buildInitramfs({
    ...common,
    modules: [...GUEST_MODULES, ...ROOT_MODULES],
    init: join(REPO_ROOT, "images/guests/reporter/init"),
    output: diskInitrd,
  });
  await buildBootDisk({
    kernel: boot.kernel,
    initrd: diskInitrd,
    scratch,
    output: bootDisk,
    ...abortable,
  });
  const debianGuest = join(scratch, "debian-guest.raw");
  if (guestTar !== undefined) {
    const { kernelVersion } = boot;
    const guest = { rootTar: guestTar, kernelVersion, scratch, output: debianGuest };
    await buildDebianGuest({ ...guest, ...abortable });
  }
  const overlay = join(scratch, "overlay.tar");
  await buildOverlay({
    files: join(REPO_ROOT, "images/dom0/files"),
    extra: {
      [GUEST_KERNEL.slice(1)]: guestKernel,
      [GUEST_INITRD.slice(1)]: guestInitrd,
      [GUEST_BOOT_DISK.slice(1)]: bootDisk,
      ...(guestTar !== undefined && { [GUEST_DEBIAN_DISK.slice(1)]: debianGuest }),
      "usr/lib/xenloop-agent": join(REPO_ROOT, "images/agent"),
      [`etc/systemd/system/${AGENT_UNIT}`]: join(REPO_ROOT, "images/agent", AGENT_UNIT),
    },
    enable: [AGENT_UNIT, "xenloop-network.service"],
    masked: untuned ? [] : Object.keys(MASKED_UNITS),
    scratch,
    output: overlay,
  });
  await buildDisk({
    archives: [overlay, ...(replaced ? [replaced.tar] : []), rootTar],
    megabytes: DISK_MEGABYTES,
    output: join(directory, "disk.raw"),
    ...abortable,
  });
  await writeFile(join(directory, "kernel-version"), boot.kernelVersion);
  done();
}

async function imageOf(spec: HostSpec, lock: HostLock, entry: StoreEntry): Promise<HostImage> {
  return {
    spec,
    lock,
    key: entry.key,
    digest: entry.digest,
    directory: entry.directory,
    disk: entry.path("disk.raw"),
    xen: entry.path("xen"),
    kernel: entry.path("vmlinuz"),
    initrd: entry.path("initrd"),
    kernelVersion: await readFile(entry.path("kernel-version"), "utf8"),
  };
}
