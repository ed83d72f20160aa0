import { truncate } from "node:fs/promises";
import { runTool } from "../base/process.ts";
import { IMAGE_EPOCH } from "./rootfs.ts";

const BLOCK = 4096;

export interface DiskRequest {
  /** Tar archives of the file system; where two hold the same path, the first wins. */
  archives: readonly string[];
  megabytes: number;
  output: string;
  signal?: AbortSignal;
}

/** A raw ext2 disk from tar archives, without root, the same bytes every time. */
export async function buildDisk(request: DiskRequest): Promise<void> {
  const { signal } = request;
  await runTool(
    [
      "genext2fs",
      ...request.archives.flatMap((archive) => ["--tarball", archive]),
      `--block-size=${BLOCK}`,
      `--size-in-blocks=${Math.floor((request.megabytes * 1024 * 1024) / BLOCK)}`,
      `--number-of-inodes=${request.megabytes * 32}`,
      "--reserved-percentage=0",
      "--volume-label=root",
      request.output,
    ],
    {
      timeoutMs: 600_000,
      env: { SOURCE_DATE_EPOCH: String(IMAGE_EPOCH) },
      ...(signal && { signal }),
    },
  );
  await truncate(request.output, request.megabytes * 1024 * 1024);
  // genext2fs makes the root directory 0700, and no daemon without root gets past it.
  await runTool(["debugfs", "-w", "-R", "set_inode_field / mode 040755", request.output], {
    timeoutMs: 60_000,
    env: { E2FSPROGS_FAKE_TIME: String(IMAGE_EPOCH) },
  });
}
