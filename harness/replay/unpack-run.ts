import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withZip } from "../base/zip.ts";
import { ReplayUnreadable } from "./errors.ts";

/** All that a replay needs of a run; evidence stays in the archive. */
const WANTED = /(?:^|\/)(?:events\.jsonl|inputs\/[\w.-]+\.json)$/;
const LIMIT_BYTES = 512 * 2 ** 20;

/**
 * Takes the events and inputs of the runs in a zip archive into `target`. Names in the archive
 * are of unknown origin: one that leads out of it makes the whole archive refused.
 * @throws ReplayUnreadable
 */
export async function unpackRun(archive: string, target: string): Promise<void> {
  try {
    await withZip(archive, async (members) => {
      let total = 0;
      for (const member of members.filter(({ name }) => WANTED.test(name))) {
        const parts = member.name.split("/");
        if (
          parts.some((part) => part === "" || part === "." || part === "..") ||
          /[\\\0]/.test(member.name)
        ) {
          throw new Error(`it holds a file outside of itself: ${member.name}`);
        }
        total += member.bytes;
        if (total > LIMIT_BYTES) throw new Error("its events and inputs are larger than 512 MiB");
        const path = join(target, ...parts);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, await member.read());
      }
    });
  } catch (error) {
    throw new ReplayUnreadable(archive, error);
  }
}
