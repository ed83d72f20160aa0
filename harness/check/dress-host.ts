import { Readable } from "node:stream";
import { XenloopError } from "../base/error.ts";
import type { BuiltFile } from "../build/build-tree.ts";
import type { BootedHost } from "../host/booted-host.ts";
import { BuildDoesNotServe } from "./errors.ts";

const PROGRAM = 0o755;
const DATA = 0o644;
const RESTART_MS = 60_000;

/**
 * Puts files of a build in the place of the installed ones and restarts libvirt's daemon.
 * @throws BuildDoesNotServe
 */
export async function dressHost(
  host: BootedHost,
  products: readonly BuiltFile[],
  what: string,
): Promise<void> {
  await Promise.all(
    products.map(({ path, bytes }) =>
      // Renamed into place: a library that a process has mapped is not written to.
      host.upload(Readable.from([bytes]), path, path.startsWith("/usr/share/") ? DATA : PROGRAM),
    ),
  );
  try {
    await host.run(["systemctl", "restart", "libvirtd.service"], { timeoutMs: RESTART_MS });
    await host.virsh(["version", "--daemon"]);
  } catch (error) {
    if (!(error instanceof XenloopError) || error.kind !== "assertion") throw error;
    throw new BuildDoesNotServe(what, error.message, error);
  }
}
