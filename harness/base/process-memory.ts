import { readFile } from "node:fs/promises";

/** Memory of one process in MiB, from /proc/PID/smaps_rollup. */
export interface ProcessMemory {
  /**
   * Written by this process and nobody else's. Clean pages of the template's file are not
   * meant: with one clone the kernel calls them private, but they are page cache and go back.
   */
  private: number;
  /** Resident, and not written: the template's pages and QEMU's program. */
  shared: number;
  /** Proportional share: summed over processes it is what they take together. */
  pss: number;
}

export async function processMemory(pid: number): Promise<ProcessMemory> {
  return parseRollup(await readFile(`/proc/${pid}/smaps_rollup`, "utf8"));
}

export function parseRollup(text: string): ProcessMemory {
  const mib = (field: string): number => {
    const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(text)?.[1];
    if (kib === undefined) throw new RangeError(`smaps_rollup has no ${field}`);
    return Number(kib) / 1024;
  };
  const own = mib("Private_Dirty");
  return { private: own, shared: mib("Rss") - own, pss: mib("Pss") };
}
