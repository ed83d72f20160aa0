import { access, constants, readFile, stat, statfs } from "node:fs/promises";
import { arch, freemem, totalmem } from "node:os";
import { dirname } from "node:path";
import { formatBytes } from "../../config/bytes.ts";
import { fail, ok, warn, type Check } from "./check.ts";

const GIB = 2 ** 30;
/** One image is 2 GiB, its template as much again, and a build holds a copy. */
const DISK_NEEDED = 8 * GIB;
const DISK_WANTED = 20 * GIB;
/** One host of 3 GiB, and what is left to this machine. */
const MEMORY_NEEDED = 4 * GIB;

export const MACHINE_CHECKS: readonly Check[] = [
  {
    id: "node",
    title: "Node.js",
    // The entry script has refused anything older than 20.19 before this runs.
    run: async () => ok(`${process.versions.node} (20.19 or newer is needed)`),
  },
  {
    id: "platform",
    title: "Platform",
    run: async () =>
      process.platform === "linux" && arch() === "x64"
        ? ok("Linux on x86-64")
        : fail(`${process.platform} on ${arch()}`, "use a Linux machine with an x86-64 processor"),
  },
  {
    id: "memory",
    title: "Memory",
    run: async () => {
      const available = await availableMemory();
      const detail = `${formatBytes(available)} available of ${formatBytes(totalmem())}`;
      if (available >= MEMORY_NEEDED) return ok(detail);
      const fix = "end other programs, or set hosts.NAME.memoryMiB lower in xenloop.config.yaml";
      return warn(`${detail}; a host wants ${formatBytes(MEMORY_NEEDED)}`, fix);
    },
  },
  {
    id: "disk",
    title: "Disk",
    run: async (ctx) => {
      const { cache } = (await ctx.settings()).values;
      const place = await existingPart(cache);
      if (!(await takesFiles(place))) {
        const what = place === cache ? "is" : `cannot be made: ${place} is`;
        const fix = "point $XENLOOP_CACHE at a directory of yours";
        return fail(`${cache} ${what} no directory that this user may write to`, fix);
      }
      const { bavail, bsize } = await statfs(place);
      const free = bavail * bsize;
      const detail = `${formatBytes(free)} free for ${cache}`;
      const fix = "xenloop clean, or point $XENLOOP_CACHE at a larger disk";
      if (free < DISK_NEEDED)
        return fail(`${detail}; one host takes ${formatBytes(DISK_NEEDED)}`, fix);
      if (free < DISK_WANTED)
        return warn(`${detail}; four hosts take ${formatBytes(DISK_WANTED)}`, fix);
      return ok(detail);
    },
  },
];

async function availableMemory(): Promise<number> {
  // os.freemem() of older Node counts the page cache as used.
  const text = await readFile("/proc/meminfo", "utf8").catch(() => "");
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  return kibibytes === undefined ? freemem() : Number(kibibytes) * 1024;
}

/** A path, or what is there of the way to it. */
async function existingPart(path: string): Promise<string> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere || dirname(path) === path ? path : existingPart(dirname(path));
}

async function takesFiles(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
