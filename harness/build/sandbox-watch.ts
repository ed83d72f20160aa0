import { readFile, stat } from "node:fs/promises";
import type { Exceeded } from "./exceeded.ts";
import { processTree } from "./process-tree.ts";
import { RoomWatch } from "./room-watch.ts";
import type { SandboxLimits } from "./sandbox-argv.ts";

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
    const room = await RoomWatch.begin(options.folders, options.limits);
    while (!over.signal.aborted) {
      const exceeded = await excess(room);
      if (exceeded && !load.exceeded) {
        load.exceeded = exceeded;
        options.onExceeded(exceeded);
      }
      await pause(over.signal);
    }
  }

  async function excess(room: RoomWatch): Promise<Exceeded | undefined> {
    const { limits, log } = options;
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
    const output = (((await stat(log.path).catch(() => undefined))?.size ?? 0) - log.from) / MIB;
    if (output > OUTPUT_MIB) {
      return { limit: "output", detail: `it prints more than ${OUTPUT_MIB} MiB` };
    }
    return room.excess(tree);
  }
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
