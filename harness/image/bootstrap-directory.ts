import { chmod, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Scratch } from "./scratch.ts";

const OTHERS_PASS = 0o001;

/**
 * Where mmdebstrap unpacks: below `scratch`, or in the system's temporary directory when an
 * ordinary user's scratch is below a private home, which the subordinate users of the user
 * namespace cannot pass. About 900 MiB go into it.
 */
export async function bootstrapDirectory(scratch: string): Promise<Scratch> {
  await mkdir(scratch, { recursive: true });
  const passable = process.getuid?.() === 0 || (await othersPass(scratch));
  const directory = await Scratch.create(passable ? scratch : systemTemporary(), "xenloop-rootfs");
  await chmod(directory.path, 0o711);
  return directory;
}

/** Not /tmp, which may be a small one in memory. */
export function systemTemporary(): string {
  return process.env["TMPDIR"] || "/var/tmp";
}

async function othersPass(directory: string): Promise<boolean> {
  const { mode } = await stat(directory);
  if ((mode & OTHERS_PASS) === 0) return false;
  const parent = dirname(directory);
  return parent === directory || othersPass(parent);
}
