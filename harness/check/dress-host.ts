import { createReadStream } from "node:fs";
import { XenloopError } from "../base/error.ts";
import type { BootedHost } from "../host/booted-host.ts";
import { daemonVersion } from "../host/host-facts.ts";
import { BuildDoesNotServe, BuildNotPut, type Dressing } from "./errors.ts";

const TAKE_MS = 120_000;
const RESTART_MS = 60_000;
/** tar makes new files: a library that a process has mapped is not written to. */
const TAKE = ["tar", "--extract", "--file=-", "--directory=/", "--no-overwrite-dir"];

export interface DressedWith extends Dressing {
  /** Archive of what the build installs; in one piece, as each process takes its time there. */
  tar: string;
  /** Paths of what this build does not install any more. */
  removed: readonly string[];
}

/**
 * Puts files of a build in the place of the installed ones and restarts libvirt's daemon. Returns
 * that daemon's version.
 * @throws BuildDoesNotServe | BuildNotPut
 */
export async function dressHost(
  host: BootedHost,
  { tar, removed, ...what }: DressedWith,
): Promise<string> {
  try {
    await host.run(TAKE, { input: createReadStream(tar), timeoutMs: TAKE_MS });
    if (removed.length > 0) await host.run(["rm", "-f", "--", ...removed]);
  } catch (error) {
    if (!(error instanceof XenloopError) || error.kind !== "assertion") throw error;
    throw new BuildNotPut(what, error);
  }
  try {
    await host.run(["systemctl", "restart", "libvirtd.service"], { timeoutMs: RESTART_MS });
    return daemonVersion((await host.virsh(["version", "--daemon"])).stdout);
  } catch (error) {
    if (!(error instanceof XenloopError) || error.kind !== "assertion") throw error;
    throw new BuildDoesNotServe(what, error.message, error);
  }
}
