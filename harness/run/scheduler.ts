import { availableParallelism, freemem } from "node:os";
import { readFile } from "node:fs/promises";
import { takenMiB, type MachineProcess } from "./taken-memory.ts";

/** What a cell takes while it runs; read at each decision, for it may change. */
export interface CellCost {
  readonly memoryMiB: number;
  readonly cores: number;
}

export interface SchedulerOptions {
  /** Upper bound on cells at once; none unless told. */
  jobs?: number;
  cores?: number;
  /** MiB that may be taken now; measured unless told. */
  availableMiB?: () => Promise<number>;
}

/** Work that has begun. */
interface Running {
  /** Tells of a machine of its own: what that has taken is not promised any more. */
  onMachine(machine: MachineProcess): void;
}

type Work<T> = (running: Running) => Promise<T>;

/** Left to the rest of the machine. */
const RESERVE_MIB = 1024;

interface Waiting {
  cost: CellCost;
  start(claim: Claim): void;
}

/** What work that runs may take of this machine, and what its machines have taken of that. */
class Claim implements Running {
  readonly cost: CellCost;
  readonly #machines: MachineProcess[] = [];

  constructor(cost: CellCost) {
    this.cost = cost;
  }

  onMachine(machine: MachineProcess): void {
    this.#machines.push(machine);
  }

  async promisedMiB(): Promise<number> {
    const taken = await Promise.all(this.#machines.map(takenMiB));
    return Math.max(
      0,
      taken.reduce((left, each) => left - each, this.cost.memoryMiB),
    );
  }
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
  readonly #running = new Set<Claim>();
  #admitting: Promise<void> = Promise.resolve();

  constructor(options: SchedulerOptions = {}) {
    this.#jobs = options.jobs ?? Number.POSITIVE_INFINITY;
    this.#cores = options.cores ?? availableParallelism();
    this.#availableMiB = options.availableMiB ?? availableMemory;
  }

  /** Runs `work` when there is room for it. */
  run<T>(cost: CellCost, work: Work<T>): Promise<T> {
    return this.#run(cost, work, "push");
  }

  /** As `run`, before everything that waits: other cells wait for what it makes. */
  runNext<T>(cost: CellCost, work: Work<T>): Promise<T> {
    return this.#run(cost, work, "unshift");
  }

  async #run<T>(cost: CellCost, work: Work<T>, enqueue: "push" | "unshift"): Promise<T> {
    const claim = await new Promise<Claim>((start) => {
      this.#queue[enqueue]({ cost, start });
      this.#admit();
    });
    try {
      return await work(claim);
    } finally {
      this.#running.delete(claim);
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
        const claim = new Claim(next.cost);
        this.#running.add(claim);
        next.start(claim);
      }
    });
  }

  async #fits(cost: CellCost): Promise<boolean> {
    const running = [...this.#running];
    if (running.length === 0) return true;
    if (running.length >= this.#jobs) return false;
    const cores = running.reduce((sum, claim) => sum + claim.cost.cores, cost.cores);
    if (cores > this.#cores) return false;
    const promised = await Promise.all(running.map((claim) => claim.promisedMiB()));
    // Asked for last: what is touched meanwhile is missing twice, and not offered twice.
    const free = (await this.#availableMiB()) - RESERVE_MIB;
    return cost.memoryMiB <= promised.reduce((room, each) => room - each, free);
  }
}

async function availableMemory(): Promise<number> {
  const text = await readFile("/proc/meminfo", "utf8").catch(() => "");
  const kib = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
  return kib === undefined ? freemem() / 1048576 : Number(kib) / 1024;
}
