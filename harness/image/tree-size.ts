import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

export interface TreeSize {
  /** As the files say, holes included. */
  bytes: number;
  /** On the disk; less than `bytes` where files are sparse. */
  allocated: number;
}

const BLOCK = 512;

/** Sizes of a file or of everything under a directory; what goes away meanwhile counts nothing. */
export async function treeSize(path: string): Promise<TreeSize> {
  const info = await lstat(path).catch(() => undefined);
  if (!info) return { bytes: 0, allocated: 0 };
  const own = { bytes: info.isFile() ? info.size : 0, allocated: info.blocks * BLOCK };
  if (!info.isDirectory()) return own;
  const names = await readdir(path).catch(() => []);
  const parts = await Promise.all(names.map((name) => treeSize(join(path, name))));
  return parts.reduce((sum, part) => add(sum, part), own);
}

export function add(left: TreeSize, right: TreeSize): TreeSize {
  return { bytes: left.bytes + right.bytes, allocated: left.allocated + right.allocated };
}
