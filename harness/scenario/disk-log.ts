import type { Test } from "tap";
import type { GuestDisk } from "../guest/domain.ts";
import { convertImage, QEMU_NAME } from "./convert-image.ts";
import type { ScenarioHost } from "./scenario-host.ts";

const SECTOR = 512;
const COPY = "/var/tmp/disk-log.raw";
const SHARED_DISK = "/dev/vdb";
const SHARED_FOLDER = "/srv/shared";
/** Its first disk is `xvda` for a guest's kernel, `hda` or not. */
const LOG_WORDS = ["xenloop.disklog=xvda"];
const MOUNT = ["-t", "9p", "-o", "trans=virtio,version=9p2000.L,cache=none", "shared"];

/** A disk that both hosts of a pair can give a guest, whose log is verified afterwards. */
export interface SharedDisk extends GuestDisk {
  /** Words for the guest's command line that make each of its ticks write a sector. */
  words: readonly string[];
}

/** The block device of the pair, raw, through blkback. */
export function sharedBlockDisk(target: string): SharedDisk {
  return { kind: "block", driver: "phy", source: SHARED_DISK, target, words: LOG_WORDS };
}

/** An image in the folder of the pair, which both hosts mount. */
export async function sharedImage(
  hosts: readonly ScenarioHost[],
  target: string,
  format: "qcow2" | "vhd",
): Promise<SharedDisk> {
  for (const host of hosts) {
    await host.run(["mkdir", "-p", SHARED_FOLDER]);
    await host.run(["mount", ...MOUNT, SHARED_FOLDER]);
  }
  const source = `${SHARED_FOLDER}/disk.${format}`;
  await hosts[0]?.run(["qemu-img", "create", "-q", "-f", QEMU_NAME[format], source, "8M"]);
  return { driver: "qemu", format, source, target, words: LOG_WORDS };
}

/**
 * The log as a host reads it once nobody writes it any more: the text of each sector that a
 * guest's ticks wrote, the first at index 0.
 */
async function readDiskLog(host: ScenarioHost, disk: SharedDisk, ticks: number): Promise<string[]> {
  let { source } = disk;
  if (disk.format !== undefined) {
    await convertImage(host, { path: source, format: disk.format }, { path: COPY, format: "raw" });
    source = COPY;
  }
  // What this dom0 cached before the guest came tells nothing.
  const direct = disk.kind === "block" ? ["iflag=direct"] : [];
  const read = [`bs=${SECTOR}`, `count=${ticks}`, "status=none", ...direct];
  const { stdout } = await host.run(["dd", `if=${source}`, ...read]);
  return stdout
    .split("\n")
    .slice(0, ticks)
    .map((line) => line.trim());
}

/** Asserts that each of so many ticks is in the log, once the guest is gone. */
export async function diskLogIsWhole(
  t: Test,
  host: ScenarioHost,
  disk: SharedDisk,
  ticks: number,
): Promise<boolean> {
  const wanted = Array.from({ length: ticks }, (_, tick) => `tick ${tick}`);
  return t.same(await readDiskLog(host, disk, ticks), wanted, "every tick is in the disk's log");
}
