import { mkdir } from "node:fs/promises";
import { reapWorkspaces } from "../host/workspace.ts";
import { sweepSocketDirs } from "../machine/socket-dir.ts";

/** Makes the cache where it is not there, and ends what dead runs have left. */
export async function startAfterOthers(cache: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  await sweepSocketDirs();
  await reapWorkspaces(cache);
}
