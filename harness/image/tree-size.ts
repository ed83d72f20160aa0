import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

export interface TreeSize {
  /** As the files say, holes included. */
  bytes: number;
  /** On the disk; less than `bytes` where files are sparse. */
  allocated: number;
}

/** One or more walks over trees that may be endless, or may not want to be looked at. */
interface Walk {
  /** Names below folders that it still looks at; beyond them it counts nothing. */
  left: number;
  /** Names and folders that were there and could not be looked at. */
  unseen: number;
}

const BLOCK = 512;

/** Sizes of a file or of everything under a directory; what goes away meanwhile counts nothing. */
export async function treeSize(
  path: string,
  walk: Walk = { left: Infinity, unseen: 0 },
): Promise<TreeSize> {
  const miss = ({ code }: NodeJS.ErrnoException): undefined => {
    if (code !== "ENOENT") walk.unseen += 1;
  };
  const info = await lstat(path).catch(miss);
  if (!info) return { bytes: 0, allocated: 0 };
  const own = { bytes: info.isFile() ? info.size : 0, allocated: info.blocks * BLOCK };
  if (!info.isDirectory()) return own;
  const names = ((await readdir(path).catch(miss)) ?? []).slice(0, walk.left);
  walk.left -= names.length;
  const parts = await Promise.all(names.map((name) => treeSize(join(path, name), walk)));
  return parts.reduce((sum, part) => add(sum, part), own);
}

export function add(left: TreeSize, right: TreeSize): TreeSize {
  return { bytes: left.bytes + right.bytes, allocated: left.allocated + right.allocated };
}
