import { readdir, readFile } from "node:fs/promises";
import { processMemory } from "../base/process-memory.ts";

/** What this process holds while no clone runs. */
export interface Holdings {
  /** Open file descriptors. */
  files: number;
  /** Children, and machines whose command line names the workspace. */
  processes: number;
  /** MiB written by this process. */
  memory: number;
  /** Entries of the workspace. */
  leftovers: number;
}

export interface Drift {
  what: string;
  before: number;
  after: number;
  /** `after` may be this much more than `before`. */
  limit: number;
  kept: boolean;
}

/** V8 frees memory when it likes. */
const MEMORY_LIMIT_MIB = 64;
/** Of a clone's private memory: how far its dom0 got before we looked differs a little. */
const CLONE_LIMIT_SHARE = 0.1;

export async function holdings(workspace: string): Promise<Holdings> {
  return {
    files: (await readdir("/proc/self/fd")).length,
    processes: await ownProcesses(workspace),
    memory: (await processMemory(process.pid)).private,
    leftovers: (await readdir(workspace)).length,
  };
}

export function driftOf(before: Holdings, after: Holdings): Drift[] {
  const limits: Record<keyof Holdings, [what: string, limit: number]> = {
    files: ["open files", 0],
    processes: ["processes", 0],
    memory: ["own memory in MiB", MEMORY_LIMIT_MIB],
    leftovers: ["entries of the workspace", 0],
  };
  return (Object.keys(limits) as (keyof Holdings)[]).map((key) => {
    const [what, limit] = limits[key];
    return judged(what, before[key], after[key], limit);
  });
}

/** Private memory of the clones, in order: the later half against the earlier. */
export function cloneDrift(privateMiB: readonly number[]): Drift[] {
  if (privateMiB.length < 2) return [];
  const middle = Math.floor(privateMiB.length / 2);
  const [before, after] = [mean(privateMiB.slice(0, middle)), mean(privateMiB.slice(middle))];
  return [
    judged("a clone's private memory in MiB", before, after, Math.ceil(before * CLONE_LIMIT_SHARE)),
  ];
}

function judged(what: string, before: number, after: number, limit: number): Drift {
  return { what, before, after, limit, kept: after - before <= limit };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function ownProcesses(workspace: string): Promise<number> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const own = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      if (new RegExp(`^PPid:\\s+${process.pid}$`, "m").test(status)) return true;
      const argv = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      return argv.includes(workspace);
    }),
  );
  return own.filter(Boolean).length;
}
