import { Readable } from "node:stream";
import { XenloopError } from "../base/error.ts";
import type { BuiltFile } from "../build/build-tree.ts";
import { sonameLink } from "../build/soname.ts";
import type { BootedHost } from "../host/booted-host.ts";
import { daemonVersion } from "../host/host-facts.ts";
import { BuildDoesNotServe, type Dressing } from "./errors.ts";

const PROGRAM = 0o755;
const DATA = 0o644;
const RESTART_MS = 60_000;

/** Each soname leads to the library that was put there, though the host's own is newer. */
const RELINK = 'while [ $# -gt 0 ]; do ln -sfn -- "$1" "$2"; shift 2; done';

export interface DressedWith extends Dressing {
  products: readonly BuiltFile[];
  /** Paths of what this build does not install any more. */
  removed: readonly string[];
}

/**
 * Puts files of a build in the place of the installed ones and restarts libvirt's daemon. Returns
 * that daemon's version.
 * @throws BuildDoesNotServe
 */
export async function dressHost(
  host: BootedHost,
  { products, removed, ...what }: DressedWith,
): Promise<string> {
  await Promise.all(
    products.map(({ path, bytes }) =>
      // Renamed into place: a library that a process has mapped is not written to.
      host.upload(Readable.from([bytes]), path, path.startsWith("/usr/share/") ? DATA : PROGRAM),
    ),
  );
  const links = products.flatMap(({ path }) => sonameLink(path) ?? []);
  if (links.length > 0) {
    const pairs = links.flatMap(({ target, link }) => [target, link]);
    await host.run(["sh", "-ec", RELINK, "relink", ...pairs]);
  }
  if (removed.length > 0) await host.run(["rm", "-f", "--", ...removed]);
  try {
    await host.run(["systemctl", "restart", "libvirtd.service"], { timeoutMs: RESTART_MS });
    return daemonVersion((await host.virsh(["version", "--daemon"])).stdout);
  } catch (error) {
    if (!(error instanceof XenloopError) || error.kind !== "assertion") throw error;
    throw new BuildDoesNotServe(what, error.message, error);
  }
}
