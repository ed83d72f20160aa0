import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isSameProcess, processStartTime } from "../base/process-identity.ts";
import { runTool } from "../base/process.ts";

/** Pid and start time of the owner are in the name: a dead owner's can be told from a live one's. */
const NAME = /(?:^|-)(\d+)-(\d+)-\w{6}$/;

const ATTEMPTS = 6;
const RETRY_MS = 500;

/** A directory of this process that goes away with its block, or is swept after a crash. */
export class Scratch implements AsyncDisposable {
  private constructor(readonly path: string) {}

  /** @param prefix what it is for, e.g. `apt` or `.building` */
  static async create(parent: string, prefix: string): Promise<Scratch> {
    await mkdir(parent, { recursive: true });
    const owner = `${process.pid}-${String(processStartTime(process.pid))}`;
    return new Scratch(await mkdtemp(join(parent, `${prefix}-${owner}-`)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeTree(this.path);
  }
}

/** Scratch directories whose owner was killed, absolute. */
export async function deadScratch(parent: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  const dead = names.filter((name) => {
    const owner = NAME.exec(name);
    return owner !== null && !isSameProcess(Number(owner[1]), Number(owner[2]));
  });
  return dead.map((name) => join(parent, name));
}

/**
 * Removes a directory, also one with files of the subordinate users of a user namespace, one that
 * a dying program still works in, and one that is deeper than a path may be long.
 */
export async function removeTree(path: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await removeOnce(path);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
    await delay(RETRY_MS);
  }
}

async function removeOnce(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const isOthers = ["EACCES", "EPERM", "ENOTEMPTY"].includes(code) && process.getuid?.() !== 0;
    if (!isOthers && code !== "ENAMETOOLONG") throw error;
    const inNamespace = isOthers ? ["unshare", "--map-root-user", "--map-auto"] : [];
    await runTool([...inNamespace, "rm", "-rf", "--", path], { timeoutMs: 60_000 });
  }
}
