import { readdir, readFile, readlink, stat, statfs } from "node:fs/promises";
import { WORK } from "./sandbox-argv.ts";

/** Of all processes together. A compiler has some six, and no build has ten thousand compilers. */
export const MOST_OPEN_FILES = 2 ** 16;

const BLOCK = 512;
/** What statfs says of tmpfs, whose are memfds too, and of huge pages. */
const IN_MEMORY = [0x0102_1994, 0x9584_58f6];
/** Mapped without a name: of memfd_create, of shmget, and in the folders of the build. */
const MAPPED_UNNAMED = new RegExp(` (?:/memfd:|/SYSV|${WORK}/).* \\(deleted\\)$`, "m");

/** Files that were sent and nobody has received, of which a socket tells since Linux 5.6. */
const IN_FLIGHT = /^scm_fds:\s*[1-9]/m;
/** Files that are open here for a moment, of which there is a limit. */
const READ_AT_ONCE = 64;

/** Files without a name that processes have open: no walk over a folder finds them. */
export interface HeldFiles {
  /** Bytes of those that live in memory, in nobody's resident pages unless they are mapped. */
  memory: number;
  /** Bytes of those on disk. */
  disk: number;
  /** How many are on disk. */
  files: number;
  /**
   * Descriptors of any kind; those that threads share once a thread. Beyond
   * {@link MOST_OPEN_FILES} nothing more is counted.
   */
  open: number;
}

/** Numbers of the file systems that folders are on. */
export async function fileSystems(folders: readonly string[]): Promise<ReadonlySet<bigint>> {
  const found = await Promise.all(
    folders.map((folder) => stat(folder, { bigint: true }).catch(() => undefined)),
  );
  return new Set(found.flatMap((info) => (info ? [info.dev] : [])));
}

/**
 * What threads hold open, each file once. Root may look at all of them. So may the user that
 * started bubblewrap, who owns its user namespaces, unless a process makes itself undumpable. What
 * cannot be looked at counts nothing here; {@link holdsUnseen} tells of it.
 * @param threads folders in /proc
 * @param disks file systems that are disks to the build, even if they live in memory
 */
export async function heldFiles(
  threads: readonly string[],
  disks: ReadonlySet<bigint>,
): Promise<HeldFiles> {
  const held: HeldFiles = { memory: 0, disk: 0, files: 0, open: 0 };
  const seen = new Set<string>();
  const look = async (path: string): Promise<void> => {
    // Numbers of inodes may be larger than a number is exact.
    const info = await stat(path, { bigint: true }).catch(() => undefined);
    if (!info?.isFile() || info.nlink > 0n) return;
    const id = `${info.dev}:${info.ino}`;
    if (seen.has(id)) return;
    seen.add(id);
    const place = disks.has(info.dev) ? "disk" : await placeOf(path);
    if (place === undefined) return;
    held[place] += Number(info.blocks) * BLOCK;
    if (place === "disk") held.files += 1;
  };
  for (const thread of threads) {
    const names = await readdir(`${thread}/fd`).catch(() => []);
    held.open += names.length;
    if (held.open > MOST_OPEN_FILES) return held;
    await Promise.all(names.map((name) => look(`${thread}/fd/${name}`)));
  }
  return held;
}

/** Not by its path, which may be longer than a link can tell. */
async function placeOf(path: string): Promise<"memory" | "disk" | undefined> {
  const info = await statfs(path).catch(() => undefined);
  return info && (IN_MEMORY.includes(info.type) ? "memory" : "disk");
}

/**
 * Whether threads may hold more than can be counted: hidden from this user, mapped only, or sent to
 * somebody who does not receive it.
 */
export async function holdsUnseen(threads: readonly string[]): Promise<boolean> {
  for (const thread of threads) {
    if (await isHidden(thread)) return true;
    if (MAPPED_UNNAMED.test(await read(`${thread}/maps`))) return true;
    if (await hasSent(thread)) return true;
  }
  return false;
}

async function isHidden(thread: string): Promise<boolean> {
  // Whoever may list descriptors may not follow them for that.
  const looks = [readdir(`${thread}/fd`), readlink(`${thread}/cwd`)];
  const code = await Promise.all(looks).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code,
  );
  if (code !== "EACCES" && code !== "EPERM") return false;
  // One that has ended and waits for its parent cannot be looked at either; it has no memory.
  return /^[1-9]/.test(await read(`${thread}/statm`));
}

async function hasSent(thread: string): Promise<boolean> {
  const names = await readdir(`${thread}/fdinfo`).catch(() => []);
  for (let at = 0; at < names.length; at += READ_AT_ONCE) {
    const some = names.slice(at, at + READ_AT_ONCE);
    const told = await Promise.all(some.map((name) => read(`${thread}/fdinfo/${name}`)));
    if (told.some((text) => IN_FLIGHT.test(text))) return true;
  }
  return false;
}

function read(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
