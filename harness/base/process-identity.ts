import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 20;

interface ProcessStat {
  state: string;
  groupId: number;
  startTime: number;
}

/**
 * When a process started, in clock ticks since boot (field 22 of proc(5)'s stat).
 * Together with the pid it names one process for good: pids come back, pairs do not.
 * Undefined for a pid nobody has.
 */
export function processStartTime(pid: number): number | undefined {
  return readStat(pid)?.startTime;
}

/** True while that very process runs; a dead one that nobody has reaped does not. */
export function isSameProcess(pid: number, startTime: number): boolean {
  const stat = readStat(pid);
  return stat !== undefined && stat.startTime === startTime && !"ZX".includes(stat.state);
}

/**
 * Ends a process that may not be a child of ours, with its group when it leads one:
 * SIGTERM, after `graceMs` SIGKILL. False when that very process is not running any more.
 */
export async function killByIdentity(
  pid: number,
  startTime: number,
  { graceMs = 2000 }: { graceMs?: number } = {},
): Promise<boolean> {
  if (!isSameProcess(pid, startTime)) return false;
  signalProcess(pid, startTime, "SIGTERM");
  const deadline = Date.now() + graceMs;
  while (isSameProcess(pid, startTime)) {
    if (Date.now() >= deadline) signalProcess(pid, startTime, "SIGKILL");
    await delay(POLL_MS);
  }
  return true;
}

function signalProcess(pid: number, startTime: number, signal: NodeJS.Signals): void {
  const stat = readStat(pid);
  if (stat?.startTime !== startTime) return;
  try {
    process.kill(stat.groupId === pid ? -pid : pid, signal);
  } catch (error) {
    // Gone between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function readStat(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // The command name, field 2, may itself hold blanks and brackets.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "X", groupId: Number(fields[2]), startTime: Number(fields[19]) };
}
