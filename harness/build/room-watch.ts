import { statfs } from "node:fs/promises";
import { freemem } from "node:os";
import { treeSize } from "../image/tree-size.ts";
import type { Exceeded } from "./exceeded.ts";
import {
  fileSystems,
  heldFiles,
  holdsUnseen,
  MOST_OPEN_FILES,
  type HeldFiles,
} from "./held-files.ts";
import type { TreeLoad } from "./process-tree.ts";
import type { SandboxLimits } from "./sandbox-argv.ts";

const MIB = 2 ** 20;
/**
 * Looks until everything is counted again. A walk over the folders takes tenths of a second, all
 * open files some milliseconds; what is left of memory and disk is known at once.
 */
const COUNT_LOOKS = 10;

/** Of a file system. */
interface Room {
  diskMiB: number;
  files: number;
}

/** What has gone since the build began, whoever took it. */
interface Gone extends Room {
  memoryMiB: number;
}

/** Memory and disk that a build takes of its machine. */
export class RoomWatch {
  #looks = 0;

  private constructor(
    readonly folders: readonly string[],
    readonly limits: SandboxLimits,
    readonly disks: ReadonlySet<bigint>,
    readonly before: { rooms: readonly Room[]; memoryMiB: number },
  ) {}

  /** @param folders those that it may write to */
  static async begin(folders: readonly string[], limits: SandboxLimits): Promise<RoomWatch> {
    const before = { rooms: await Promise.all(folders.map(roomIn)), memoryMiB: freemem() / MIB };
    return new RoomWatch(folders, limits, await fileSystems(folders), before);
  }

  /** Which limit a build exceeds whose processes these are. */
  async excess(tree: TreeLoad): Promise<Exceeded | undefined> {
    const { limits } = this;
    const excess = this.#excessOfMemory(tree.bytes);
    if (excess) return excess;
    this.#looks += 1;
    const isDue = this.#looks % COUNT_LOOKS === 0;
    // Others use the same memory and disk, so what has gone is only a reason to count.
    const gone = await this.#gone();
    const isDiskLess = gone.diskMiB > limits.diskMiB / 2 || gone.files > limits.files / 2;
    if (!isDue && !isDiskLess && gone.memoryMiB < limits.memoryMiB / 2) return undefined;
    const held = await heldFiles(tree.threads, this.disks);
    const ofMemory = await this.#excessHeld(tree, held, gone);
    if (ofMemory || !(isDue || isDiskLess)) return ofMemory;
    return this.#excessOfDisk(tree, held, gone);
  }

  #excessOfMemory(bytes: number): Exceeded | undefined {
    const { memoryMiB } = this.limits;
    const memory = bytes / MIB;
    if (memory <= memoryMiB) return undefined;
    const detail = `its processes hold ${memory.toFixed(0)} MiB of memory, ${memoryMiB} are allowed`;
    return { limit: "memory", detail };
  }

  async #excessHeld(tree: TreeLoad, held: HeldFiles, gone: Gone): Promise<Exceeded | undefined> {
    if (held.open > MOST_OPEN_FILES) {
      const detail = `its processes have more than ${MOST_OPEN_FILES} files open`;
      return { limit: "memory", detail };
    }
    const bytes = tree.bytes + held.memory;
    const excess = this.#excessOfMemory(bytes);
    if (excess) return excess;
    const { memoryMiB } = this.limits;
    const unexplained = gone.memoryMiB - bytes / MIB;
    if (unexplained <= memoryMiB || !(await holdsUnseen(tree.threads))) return undefined;
    const detail = `it hides what it holds while ${unexplained.toFixed(0)} MiB of memory go, ${memoryMiB} are allowed`;
    return { limit: "memory", detail };
  }

  async #excessOfDisk(tree: TreeLoad, held: HeldFiles, gone: Gone): Promise<Exceeded | undefined> {
    const { diskMiB, files: mostFiles } = this.limits;
    const walk = { left: mostFiles + 1, unseen: 0 };
    const sizes = await Promise.all(this.folders.map((folder) => treeSize(folder, walk)));
    const disk = sizes.reduce((sum, { allocated }) => sum + allocated, held.disk) / MIB;
    if (disk > diskMiB) {
      const detail = `it fills ${disk.toFixed(0)} MiB of disk, ${diskMiB} are allowed`;
      return { limit: "disk", detail };
    }
    const files = mostFiles + 1 - walk.left + held.files;
    if (files > mostFiles) {
      return { limit: "disk", detail: `it makes more than ${mostFiles} files` };
    }
    const isExplained = gone.diskMiB - disk <= diskMiB && gone.files - files <= mostFiles;
    if (isExplained || !(walk.unseen > 0 || (await holdsUnseen(tree.threads)))) return undefined;
    const what = `${gone.diskMiB.toFixed(0)} MiB and ${gone.files} files of the disk`;
    return { limit: "disk", detail: `it hides files while ${what} go` };
  }

  async #gone(): Promise<Gone> {
    const { rooms, memoryMiB } = this.before;
    const now = await Promise.all(this.folders.map(roomIn));
    const most = (key: keyof Room): number =>
      Math.max(0, ...now.map((room, index) => (rooms[index]?.[key] ?? 0) - room[key]));
    return {
      memoryMiB: memoryMiB - freemem() / MIB,
      diskMiB: most("diskMiB"),
      files: most("files"),
    };
  }
}

async function roomIn(folder: string): Promise<Room> {
  const info = await statfs(folder).catch(() => undefined);
  return {
    diskMiB: info ? (info.bavail * info.bsize) / MIB : 0,
    files: info?.ffree ?? 0,
  };
}
