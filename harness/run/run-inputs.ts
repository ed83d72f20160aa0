import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputsUnkept } from "./errors.ts";
import { lockPath, pinnedLock } from "../image/pinned-lock.ts";
import type { HostSpec } from "../spec/host-spec.ts";

/** What a run was made from, kept in its directory so that it can be replayed elsewhere. */
export const INPUTS = "inputs";

export function isInputName(name: string): boolean {
  return /^[\w.-]+\.(?:lock|host)\.json$/.test(name);
}

export function lockInputPath(directory: string, host: string): string {
  return join(directory, INPUTS, `${host}.lock.json`);
}

export function hostInputPath(directory: string, host: string): string {
  return join(directory, INPUTS, `${host}.host.json`);
}

/**
 * Keeps the hosts as configured, and their locks.
 * @param locks files to take instead of the project's, by host
 * @throws InputsUnkept
 */
export async function keepInputs(
  directory: string,
  hosts: readonly HostSpec[],
  locks: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  try {
    await mkdir(join(directory, INPUTS), { recursive: true });
    for (const host of hosts) {
      const given = locks.get(host.name);
      // A lock that the host does not answer to is not what the run is made from.
      const lock = given ?? ((await pinnedLock(host)) && lockPath(host.name));
      if (lock !== undefined) await copyFile(lock, lockInputPath(directory, host.name));
      const text = `${JSON.stringify(host, null, 2)}\n`;
      await writeFile(hostInputPath(directory, host.name), text);
    }
  } catch (error) {
    // On a full disk the room is better used by the results.
    await rm(join(directory, INPUTS), { recursive: true, force: true }).catch(() => undefined);
    throw new InputsUnkept(join(directory, INPUTS), error);
  }
}
