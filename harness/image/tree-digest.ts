import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { sha256, sha256Json } from "../base/hash.ts";

/** Digest of the names, modes and contents of all files under some folders. */
export async function treeDigest(folders: readonly string[]): Promise<string> {
  const files: [string, string, string][] = [];
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile() || entry.name.endsWith(".pyc")) continue;
      const path = join(entry.parentPath, entry.name);
      const executable = ((await stat(path)).mode & 0o100) !== 0;
      files.push([path.slice(folder.length), executable ? "x" : "-", sha256(await readFile(path))]);
    }
  }
  return sha256Json(files.sort(([left], [right]) => (left < right ? -1 : 1)));
}
