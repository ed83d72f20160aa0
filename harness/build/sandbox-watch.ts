import { readFile, stat, statfs } from "node:fs/promises";
import { treeSize } from "../image/tree-size.ts";
import { processTree } from "./process-tree.ts";
import type { SandboxLimits } from "./sandbox-argv.ts";

/** Which limit was exceeded, and how far it had come when that was seen. */
export interface Exceeded {
  limit: "time" | "memory" | "disk" | "output";
  detail: string;
}

export interface WatchOptions {
  limits: SandboxLimits;
  /** Those that it may write to. */
  folders: readonly string[];
  log: { path: string; from: number };
  onExceeded(exceeded: Exceeded): void;
}

export interface Load {
  exceeded?: Exceeded;
  /** Most processes at once. */
  processes: number;
  /** Counters of its network, as last read. */
  snmp: string;
}

const TICK_MS = 150;
const OUTPUT_MIB = 64;
const MIB = 2 ** 20;
/** Counting a tree takes longer than asking the file system what is left of it. */
const COUNT_TICKS = 10;

/** Looks at a sandboxed process and all below it until told that it is over. */
export function watchLoad(pid: number, options: WatchOptions): { end(): Promise<Load> } {
  const load: Load = { processes: 0, snmp: "" };
  const over = new AbortController();
  const started = performance.now();
  const looking = look();
  return {
    async end() {
      over.abort();
      await looking;
      return load;
    },
  };

  async function look(): Promise<void> {
    const room = await Promise.all(options.folders.map(freeMiB));
    for (let tick = 1; !over.signal.aborted; tick += 1) {
      const exceeded = await excess(tick, room);
      if (exceeded && !load.exceeded) {
        load.exceeded = exceeded;
        options.onExceeded(exceeded);
      }
      await pause(over.signal);
    }
  }

  async function excess(tick: number, room: readonly number[]): Promise<Exceeded | undefined> {
    const { limits, folders, log } = options;
    const tree = await processTree(pid);
    load.processes = Math.max(load.processes, tree.pids.length);
    const last = tree.pids.at(-1);
    // Only inside are these the sandbox's own; the first process is bubblewrap, outside.
    if (last !== undefined && tree.pids.length > 2) {
      load.snmp = (await readFile(`/proc/${last}/net/snmp`, "utf8").catch(() => "")) || load.snmp;
    }
    if (performance.now() - started > limits.seconds * 1000) {
      return { limit: "time", detail: `it runs for more than ${limits.seconds} s` };
    }
    const memory = tree.bytes / MIB;
    if (memory > limits.memoryMiB) {
      const detail = `its processes hold ${memory.toFixed(0)} MiB of memory, ${limits.memoryMiB} are allowed`;
      return { limit: "memory", detail };
    }
    const output = (((await stat(log.path).catch(() => undefined))?.size ?? 0) - log.from) / MIB;
    if (output > OUTPUT_MIB) {
      return { limit: "output", detail: `it prints more than ${OUTPUT_MIB} MiB` };
    }
    // Others write to the same disk, so what is gone of it is only a reason to count.
    const gone = await Promise.all(
      folders.map(async (folder, index) => (room[index] ?? 0) - (await freeMiB(folder))),
    );
    if (tick % COUNT_TICKS !== 0 && Math.max(0, ...gone) < limits.diskMiB / 2) return undefined;
    const sizes = await Promise.all(folders.map((folder) => treeSize(folder)));
    const disk = sizes.reduce((sum, { allocated }) => sum + allocated, 0) / MIB;
    if (disk <= limits.diskMiB) return undefined;
    const detail = `it fills ${disk.toFixed(0)} MiB of disk, ${limits.diskMiB} are allowed`;
    return { limit: "disk", detail };
  }
}

async function freeMiB(folder: string): Promise<number> {
  const info = await statfs(folder).catch(() => undefined);
  return info ? (info.bavail * info.bsize) / MIB : 0;
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", end);
      resolve();
    }, TICK_MS);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
  });
}
