import { absolute, device } from "./device.ts";
import { qopt } from "./qopt.ts";

/**
 * A block device and a folder that two machines may share. What is behind them is no part of a
 * saved state: a clone may have a file and a folder where its template had nothing.
 */
export interface SharedSpec {
  diskMiB: number;
  /** Without it the disk is blank and forgets, and the folder is empty. */
  files?: SharedFiles;
}

/** Of the outer machine; the same for all machines that share. */
export interface SharedFiles {
  /** Raw, and as large as the disk. */
  disk: string;
  folder: string;
}

/** What dom0 mounts the folder by, and finds the disk by in /sys/block/vd?/serial. */
export const SHARED_TAG = "shared";

export function sharedArgv(
  { diskMiB, files }: SharedSpec,
  slots: { disk: number; folder: number },
): string[] {
  const disk = files
    ? { file: absolute(files.disk), format: "raw", "file.locking": false }
    : { driver: "null-co", size: `${diskMiB}M`, "read-zeroes": true };
  // The machines run on one page cache, so what one writes the other reads.
  const drive = { id: "shared-drive", ...disk, cache: "unsafe" };
  const block = { drive: drive.id, serial: SHARED_TAG, "share-rw": true };
  const folder = files
    ? qopt("local", { id: "share0", path: absolute(files.folder), security_model: "none" })
    : qopt("synth", { id: "share0" });
  const mount = { fsdev: "share0", mount_tag: SHARED_TAG };
  return [
    ...["-drive", qopt("if=none", drive)],
    ...["-device", device("virtio-blk-pci", "shared-disk", slots.disk, block)],
    ...["-fsdev", folder],
    ...["-device", device("virtio-9p-pci", "shared-folder", slots.folder, mount)],
  ];
}
