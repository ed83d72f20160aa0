import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { runTool } from "../base/process.ts";

/** Users that no distribution, container or service manager hands out. */
const FIRST = 0x7000_0000;
const COUNT = 0x0ffe_0000;
/** Where root is root of a container with few users only. */
const NOBODY = 65_534;
const TIMEOUT_MS = 120_000;

/**
 * A user for what root builds at one place. The kernel counts a user's processes wherever they
 * are: builds that shared one would use up each other's limit.
 */
export function sandboxUser(uidMap = readFileSync("/proc/self/uid_map", "utf8")): number {
  const ranges = uidMap.trim().split("\n");
  const all = ranges.some((range) => {
    const [first = 0, , count = 0] = range.trim().split(/\s+/).map(Number);
    return first <= FIRST && first + count >= FIRST + COUNT;
  });
  return all ? FIRST + randomInt(COUNT) : NOBODY;
}

/** Gives the user folders with all that is in them; links are theirs, not what they lead to. */
export async function giveFolders(
  user: number,
  folders: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const how = ["--recursive", "--no-dereference", "-P"];
  await runTool(["chown", ...how, `${user}:${user}`, "--", ...folders], {
    timeoutMs: TIMEOUT_MS,
    ...(signal && { signal }),
  });
}
