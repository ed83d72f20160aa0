import { createReadStream } from "node:fs";
import { copyFile, mkdir, open, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { runTool } from "../base/process.ts";
import { buildDisk } from "./disk.ts";
import { IMAGE_EPOCH } from "./rootfs.ts";

const SECTOR = 512;
/** Where partitions begin by custom; the gap has room for a boot loader. */
export const PARTITION_START = 1024 * 1024;
const MEGABYTES = 24;
const LINUX = 0x83;

/** What the guest finds at /etc/xenloop-guest of its disk. */
export const BOOT_DISK_TEXT = "a file of the boot disk\n";

/** One configuration for every boot loader: GRUB reads it, and pygrub. */
const GRUB_CFG = `set timeout=0
set default=0
menuentry "reporting guest" {
  linux /boot/vmlinuz console=hvc0 loglevel=4 panic=-1 pci=noearly xenloop.disks=1 xenloop.read=xvda1:/etc/xenloop-guest
  initrd /boot/initrd
}
`;

/** Part of the key of every image that has the disk. */
export const BOOT_DISK_RECIPE = { config: GRUB_CFG, text: BOOT_DISK_TEXT, megabytes: MEGABYTES };

export interface BootDiskRequest {
  kernel: string;
  initrd: string;
  /** Directory to work in. */
  scratch: string;
  output: string;
  signal?: AbortSignal;
}

/** A raw disk with one bootable partition, without any boot code, the same bytes every time. */
export async function buildBootDisk(request: BootDiskRequest): Promise<void> {
  const { scratch, output, signal } = request;
  const root = join(scratch, "boot-disk");
  await mkdir(join(root, "boot/grub"), { recursive: true });
  await mkdir(join(root, "etc"));
  await copyFile(request.kernel, join(root, "boot/vmlinuz"));
  await copyFile(request.initrd, join(root, "boot/initrd"));
  await writeFile(join(root, "boot/grub/grub.cfg"), GRUB_CFG);
  await writeFile(join(root, "etc/xenloop-guest"), BOOT_DISK_TEXT);
  const archive = join(scratch, "boot-disk.tar");
  const asRoot = ["--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX"];
  const same = ["--sort=name", `--mtime=@${IMAGE_EPOCH}`, "--format=ustar", ...asRoot];
  await runTool(["tar", "--create", `--file=${archive}`, ...same, "."], {
    cwd: root,
    timeoutMs: 60_000,
  });
  const partition = join(scratch, "boot-disk.partition");
  await buildDisk({
    archives: [archive],
    megabytes: MEGABYTES,
    output: partition,
    ...(signal && { signal }),
  });
  await writePartitioned(partition, output);
  for (const path of [root, archive, partition]) await rm(path, { recursive: true });
}

/** Writes a disk whose one partition is that file. */
export async function writePartitioned(partition: string, output: string): Promise<void> {
  const { size } = await stat(partition);
  const disk = await open(output, "w");
  try {
    await disk.write(partitionTable(size), 0, undefined, 0);
  } finally {
    await disk.close();
  }
  await pipeline(
    createReadStream(partition),
    (await open(output, "r+")).createWriteStream({ start: PARTITION_START }),
  );
}

/** A first sector without code, with one active partition of that size. */
export function partitionTable(bytes: number): Buffer {
  const sector = Buffer.alloc(SECTOR);
  const entry = sector.subarray(446);
  entry[0] = 0x80;
  entry[4] = LINUX;
  entry.writeUInt32LE(PARTITION_START / SECTOR, 8);
  entry.writeUInt32LE(bytes / SECTOR, 12);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}
