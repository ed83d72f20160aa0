import { isSameProcess } from "../base/process-identity.ts";
import { processMemory } from "../base/process-memory.ts";
import type { ProcessHandle } from "../base/process.ts";

/** The process of a machine, so that it is not mistaken for a later one of its pid. */
export type MachineProcess = Pick<ProcessHandle, "pid" | "startTime">;

/** MiB that a machine has made its own: they are missing from the free memory already. */
export async function takenMiB({ pid, startTime }: MachineProcess): Promise<number> {
  if (!isSameProcess(pid, startTime)) return 0;
  // It may end at any moment.
  const memory = await processMemory(pid).catch(() => undefined);
  return memory?.private ?? 0;
}
