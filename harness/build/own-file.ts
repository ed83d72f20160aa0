import { constants } from "node:fs";
import { lstat, open, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { messageOf } from "../base/error.ts";
import { NotOfTheBuild } from "./errors.ts";

/**
 * Reads what a build that nobody trusts has left: a regular file that is where it says. A link
 * would lead to any file of this machine; a pipe that nobody writes to would be waited for.
 * @throws NotOfTheBuild
 */
export async function readOwnFile(folder: string, name: string, largest: number): Promise<Buffer> {
  const path = join(folder, name);
  const place = `${basename(folder)}/${name}`;
  try {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    await using file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const info = await file.stat();
    const isHere = (await realpath(path)) === join(await realpath(join(folder, "..")), place);
    if (!info.isFile() || !isHere) throw new NotOfTheBuild(place, "it is no file of its own");
    if (info.size > largest) {
      throw new NotOfTheBuild(place, `it has ${info.size} bytes, ${largest} are allowed`);
    }
    return await file.readFile();
  } catch (error) {
    if (error instanceof NotOfTheBuild) throw error;
    throw new NotOfTheBuild(place, messageOf(error), error);
  }
}

/** A folder that is mounted for a build: were it a link, another of this machine would be. */
export async function checkOwnFolder(path: string): Promise<void> {
  const info = await lstat(path).catch(() => undefined);
  if (!info?.isDirectory()) throw new NotOfTheBuild(basename(path), "it is no folder any more");
}
