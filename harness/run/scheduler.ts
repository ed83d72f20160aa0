import { availableParallelism, freemem } from "node:os";
import { readFile } from "node:fs/promises";

/** What a cell takes while it runs. */
export interface CellCost {
  memoryMiB: number;
  cores: number;
}

export interface SchedulerOptions {
  /** Upper bound on cells at once; none unless told. */
  jobs?: number;
  cores?: number;
  /** MiB that may be taken now; measured unless told. */
  availableMiB?: () => Promise<number>;
}

/** Left to the rest of the machine. */
const RESERVE_MIB = 1024;

interface Waiting {
  cost: CellCost;
  start(): void;
}

/**
 * Lets cells run side by side as long as memory and cores last. Memory that was promised
 * but is not touched yet counts as taken; one cell always runs, however small the machine.
 */
export class Scheduler {
  readonly #jobs: number;
  readonly #cores: number;
  readonly #availableMiB: () => Promise<number>;
  readonly #queue: Waiting[] = [];
  #running = 0;
  #takenCores = 0;
  #promisedMiB = 0;
  #admitting: Promise<void> = Promise.resolve();

  constructor(options: SchedulerOptions = {}) {
    this.#jobs = options.jobs ?? Number.POSITIVE_INFINITY;
    this.#cores = options.cores ?? availableParallelism();
    this.#availableMiB = options.availableMiB ?? availableMemory;
  }

  /** Runs `work` when there is room for it. */
  run<T>(cost: CellCost, work: () => Promise<T>): Promise<T> {
    return this.#run(cost, work, "push");
  }

  /** As `run`, before everything that waits: other cells wait for what it makes. */
  runNext<T>(cost: CellCost, work: () => Promise<T>): Promise<T> {
    return this.#run(cost, work, "unshift");
  }

  async #run<T>(cost: CellCost, work: () => Promise<T>, enqueue: "push" | "unshift"): Promise<T> {
    await new Promise<void>((start) => {
      this.#queue[enqueue]({ cost, start });
      this.#admit();
    });
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#takenCores -= cost.cores;
      this.#promisedMiB -= cost.memoryMiB;
      this.#admit();
    }
  }

  /** One decision at a time: each needs the memory left by the one before. */
  #admit(): void {
    this.#admitting = this.#admitting.then(async () => {
      for (;;) {
        const [next] = this.#queue;
        if (!next) return;
        const fits = await this.#fits(next.cost);
        if (next !== this.#queue[0]) continue;
        if (!fits) return;
        this.#queue.shift();
        this.#running += 1;
        this.#takenCores += next.cost.cores;
        this.#promisedMiB += next.cost.memoryMiB;
        next.start();
      }
    });
  }

  async #fits(cost: CellCost): Promise<boolean> {
    if (this.#running === 0) return true;
    if (this.#running >= this.#jobs) return false;
    if (this.#takenCores + cost.cores > this.#cores) return false;
    const room = (await this.#availableMiB()) - RESERVE_MIB - this.#promisedMiB;
    return cost.memoryMiB <= room;
  }
}

async function availableMemory(): Promise<number> {
  const text = await readFile("/proc/meminfo", "utf8").catch(() => "");
  const kib = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
  return kib === undefined ? freemem() / 1048576 : Number(kib) / 1024;
}
