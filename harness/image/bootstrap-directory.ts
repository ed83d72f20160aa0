import { chmod, mkdir, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { deadScratch, removeTree, Scratch } from "./scratch.ts";

const OTHERS_PASS = 0o001;

/**
 * Where mmdebstrap unpacks, about 900 MiB: below `scratch`, or in a temporary directory of the
 * system when that is below a private home. Other users must be able to pass: without root
 * the subordinate users of the user namespace, and as root apt's own user, to whom the image's
 * directories then belong or not.
 */
export async function bootstrapDirectory(scratch: string): Promise<Scratch> {
  await mkdir(scratch, { recursive: true });
  for (const leftover of await deadBootstraps([scratch, ...systemTemporary()])) {
    // What does not go is in nobody's way; `xenloop clean` says why it stays.
    await removeTree(leftover).catch(() => undefined);
  }
  let parent = "/var/tmp";
  for (const candidate of [scratch, ...systemTemporary()].reverse()) {
    if (await othersPass(candidate)) parent = candidate;
  }
  const directory = await Scratch.create(parent, BOOTSTRAP_PREFIX);
  await chmod(directory.path, 0o711);
  return directory;
}

/** What killed builds of this user left in some directories, which may not be xenloop's own. */
export async function deadBootstraps(parents = systemTemporary()): Promise<string[]> {
  const found = (await Promise.all(parents.map((path) => deadScratch(path)))).flat();
  const named = [...new Set(found)].filter((path) => basename(path).startsWith(BOOTSTRAP_PREFIX));
  const owned = await Promise.all(
    named.map(async (path) => {
      const info = await stat(path).catch(() => undefined);
      return info?.uid === process.getuid?.() ? [path] : [];
    }),
  );
  return owned.flat();
}

const BOOTSTRAP_PREFIX = "xenloop-rootfs";

/** Where to look, best first; /tmp may be a small one in memory. */
function systemTemporary(): string[] {
  const own = process.env["TMPDIR"];
  return [...(own ? [resolve(own)] : []), "/var/tmp"];
}

async function othersPass(directory: string): Promise<boolean> {
  const info = await stat(directory).catch(() => undefined);
  if (!info || (info.mode & OTHERS_PASS) === 0) return false;
  const parent = dirname(directory);
  return parent === directory || othersPass(parent);
}
