import { setTimeout as delay } from "node:timers/promises";
import type { ProcessExit } from "./process-errors.ts";

/** The part of a child process a group needs. */
interface Child {
  once(
    event: "exit",
    listener: (code: number | null, signal: NodeJS.Signals | null) => void,
  ): unknown;
}

const living = new Set<number>();
let hooked = false;

/**
 * A detached child with everything it started. execa 9 signals the direct child only, and
 * then waits for whoever else holds its pipes; here the whole group gets the signal.
 */
export class ProcessGroup {
  readonly exited: Promise<ProcessExit>;
  #over = false;
  #ending = false;

  /** `child` must have been spawned with `detached: true`, so that it leads its group. */
  constructor(
    readonly pid: number,
    child: Child,
  ) {
    if (!hooked) {
      hooked = true;
      process.on("exit", () => {
        for (const pid of living) signalGroup(pid, "SIGKILL");
      });
    }
    living.add(this.pid);
    this.exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        this.#over = true;
        living.delete(this.pid);
        // At this moment the number is still the group's if anyone is left in it; later it
        // may be a stranger's.
        if (this.#ending) signalGroup(this.pid, "SIGKILL");
        resolve({ code: code ?? undefined, signal: signal ?? undefined });
      });
    });
  }

  /** SIGTERM to the group, SIGKILL when the leader is still there after `graceMs`. */
  async end(graceMs: number): Promise<ProcessExit> {
    this.#ending = true;
    if (!this.#over) {
      signalGroup(this.pid, "SIGTERM");
      const timer = new AbortController();
      await Promise.race([
        this.exited,
        delay(graceMs, undefined, { signal: timer.signal }).catch(() => undefined),
      ]);
      timer.abort();
      if (!this.#over) signalGroup(this.pid, "SIGKILL");
    }
    return this.exited;
  }

  /** Marks that nothing of the group may outlive its leader, however the leader ends. */
  bindToLeader(): void {
    this.#ending = true;
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
