import { unlinkSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isSameProcess, processStartTime } from "../base/process-identity.ts";

const FILE = /^(.+)\.(use|remove)-(\d+)-(\d+)$/;
const POLL_MS = 25;
/** A cache that belongs to somebody else can be read without leaving a lease in it. */
const NOT_OURS = ["EACCES", "EPERM", "EROFS"];

/**
 * Which processes use what, as empty files `<name>.use-<pid>-<start time>` in one directory.
 * A process keeps its leases until it exits; those of dead processes do not count. Processes
 * that cannot see each other's pids, as in two containers, do not see each other's leases.
 */
export class Leases {
  readonly #held = new Map<string, Promise<void>>();

  constructor(readonly directory: string) {}

  /** Protects `name` until this process exits; waits for a removal that has begun. */
  hold(name: string): Promise<void> {
    const held = this.#held.get(name) ?? this.#take(name);
    this.#held.set(name, held);
    held.catch(() => this.#held.delete(name));
    return held;
  }

  /** Pids of the processes that hold `name`. */
  async holders(name: string): Promise<number[]> {
    return (await this.#live(name, "use")).map(({ pid }) => pid);
  }

  /**
   * Runs `remove` unless somebody holds `name`; gives whether it ran.
   *
   * The user writes its mark and then looks for removers, the remover writes its mark and then
   * looks for users: whoever comes second sees the other.
   */
  async unlessHeld(name: string, remove: () => Promise<void>): Promise<boolean> {
    const mark = await this.#mark(name, "remove");
    try {
      if ((await this.#live(name, "use")).length > 0) return false;
      await remove();
      return true;
    } finally {
      await rm(mark, { force: true });
      removeAtExit.delete(mark);
    }
  }

  async #take(name: string): Promise<void> {
    try {
      await this.#mark(name, "use");
    } catch (error) {
      if (NOT_OURS.includes((error as NodeJS.ErrnoException).code ?? "")) return;
      throw error;
    }
    while ((await this.#live(name, "remove")).some(({ pid }) => pid !== process.pid)) {
      await delay(POLL_MS);
    }
  }

  async #mark(name: string, kind: "use" | "remove"): Promise<string> {
    await mkdir(this.directory, { recursive: true });
    const start = String(processStartTime(process.pid));
    const path = join(this.directory, `${name}.${kind}-${process.pid}-${start}`);
    await writeFile(path, "");
    removeAtExit.add(path);
    return path;
  }

  async #live(name: string, kind: "use" | "remove"): Promise<{ pid: number }[]> {
    const live: { pid: number }[] = [];
    for (const file of await readdir(this.directory).catch(() => [])) {
      const [, of, as, pid, start] = FILE.exec(file) ?? [];
      if (of !== name || as !== kind) continue;
      if (isSameProcess(Number(pid), Number(start))) live.push({ pid: Number(pid) });
      else await rm(join(this.directory, file), { force: true }).catch(() => undefined);
    }
    return live;
  }
}

const removeAtExit = new Set<string>();
process.once("exit", () => {
  for (const path of removeAtExit) {
    try {
      unlinkSync(path);
    } catch {
      // Removed with the cache, or by somebody who swept.
    }
  }
});
