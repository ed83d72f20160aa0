import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { MONITOR_ANSWERS } from "../machine/interrogate.ts";

/** Logs of a host's machine, each with its kind of evidence. */
export const MACHINE_LOGS = [
  ["serial", "serial.log"],
  ["qemu-command", "qemu-command.txt"],
  ["qemu-log", "qemu.log"],
  ["qmp", MONITOR_ANSWERS],
] as const;

/** Where the evidence of a clone goes that a booted host takes the place of. */
export function cloneFolder(hostDirectory: string): string {
  return join(hostDirectory, "clone");
}

/** A kind of its own: what such a clone says is nothing that the booted host says. */
export function cloneKind(kind: string): string {
  return `clone-${kind}`;
}

/** Puts the logs of a clone's machine aside: the next machine writes its own in their place. */
export async function setCloneAside(hostDirectory: string): Promise<void> {
  const folder = cloneFolder(hostDirectory);
  await mkdir(folder, { recursive: true });
  for (const [, file] of MACHINE_LOGS) {
    await rename(join(hostDirectory, file), join(folder, file)).catch(ifPresent);
  }
}

function ifPresent(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
