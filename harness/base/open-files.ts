import { readdir, readlink } from "node:fs/promises";
import { join, sep } from "node:path";

/**
 * Which of these directories some process works in: has a file of it open, or its working
 * directory there. Of other users' processes only root sees that.
 */
export async function openDirectories(directories: readonly string[]): Promise<Set<string>> {
  const open = new Set<string>();
  if (directories.length === 0) return open;
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const links = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const link of [join(pid, "cwd"), ...links.map((fd) => join(pid, "fd", fd))]) {
      const target = await readlink(join("/proc", link)).catch(() => "");
      const found = directories.find((path) => target === path || target.startsWith(path + sep));
      if (found !== undefined) open.add(found);
    }
  }
  return open;
}
