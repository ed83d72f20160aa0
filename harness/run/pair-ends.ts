import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { SHARED_DISK_MIB, type PairEnd } from "../host/host-machine.ts";
import { createSocketDir, type SocketDir } from "../machine/socket-dir.ts";

/** The hosts of a pair, in the order scenarios are given them. */
export const PAIR_NAMES = ["xen-a", "xen-b"] as const;

/** What joins the hosts of a cell: a wire, a disk and a folder; made when a cell has a pair. */
export class PairEnds {
  #sockets: SocketDir | undefined;
  #directory: string | undefined;

  /** Makes all of it below a directory of its own; gives each host its end. */
  async make(directory: string): Promise<[PairEnd, PairEnd]> {
    this.#directory = directory;
    const folder = join(directory, "folder");
    await mkdir(folder, { recursive: true });
    const disk = join(directory, "disk");
    await using file = await open(disk, "w");
    await file.truncate(SHARED_DISK_MIB * 2 ** 20);
    this.#sockets = await createSocketDir();
    const [a, b] = PAIR_NAMES.map((name) => join(this.#sockets?.path ?? "", name)) as [
      string,
      string,
    ];
    const shared = { disk, folder };
    return [
      { wire: { local: a, remote: b }, shared },
      { wire: { local: b, remote: a }, shared },
    ];
  }

  async remove(): Promise<void> {
    await this.#sockets?.remove();
    if (this.#directory !== undefined) await rm(this.#directory, { recursive: true, force: true });
  }
}
