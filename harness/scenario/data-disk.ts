import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { BootedHost } from "../host/booted-host.ts";
import { convertImage, QEMU_NAME, type DiskFormat } from "./convert-image.ts";

export interface DataDiskOptions {
  /** Raw unless told. */
  format?: DiskFormat;
  /** A qcow2 over a raw file that holds the data. */
  backing?: boolean;
  /** VHD only: all blocks in place instead of allocated when written. */
  fixed?: boolean;
}

/** Blocks of 4096 bytes. */
export interface BlockRange {
  block: number;
  count: number;
}

const DISK_BLOCK = 4096;
const MEBIBYTES = 8;
const FOLDER = "/var/lib/xenloop/disks";

/** A disk image in dom0 whose content is known, and can be read without any guest. */
export class DataDisk {
  private constructor(
    readonly host: BootedHost,
    readonly path: string,
    readonly format: DiskFormat,
    /** SHA-256 of the first block, which a guest must see. */
    readonly head: string,
    /** The image that this one lies over, with its SHA-256, where there is one. */
    readonly below?: { path: string; sha256: string },
  ) {}

  /** @param fill puts the content into a raw file of dom0; a first block of text unless told. */
  static async create(
    host: BootedHost,
    name: string,
    options: DataDiskOptions = {},
    fill = fillFirstBlock,
  ): Promise<DataDisk> {
    const { format = "raw" } = options;
    await host.run(["mkdir", "-p", FOLDER]);
    const raw = `${FOLDER}/${name}.raw`;
    const first = await fill(host, raw);
    const path = await wrap(host, raw, options);
    const head = createHash("sha256").update(first).digest("hex");
    if (!options.backing) return new DataDisk(host, path, format, head);
    const below = { path: raw, sha256: await sha256Of(host, raw) };
    return new DataDisk(host, path, format, head, below);
  }

  /** Whether the image below still has every byte that it had. */
  async belowIsUntouched(): Promise<boolean> {
    return this.below?.sha256 === (this.below && (await sha256Of(this.host, this.below.path)));
  }

  /** SHA-256 of each range as dom0 reads it through qemu-img. */
  async sha256(...ranges: readonly BlockRange[]): Promise<string[]> {
    const plain = await this.#plain();
    const sums = ranges.map(({ block, count }) => {
      const range = [`bs=${DISK_BLOCK}`, `skip=${block}`, `count=${count}`, "status=none"];
      return `dd if="$1" ${range.join(" ")} | sha256sum`;
    });
    const { stdout } = await this.host.run(["sh", "-c", sums.join("\n"), "sh", plain]);
    return stdout.match(/[0-9a-f]{64}/g) ?? [];
  }

  /** The text that dom0 reads through qemu-img in those blocks, without what is zero. */
  async text({ block, count }: BlockRange): Promise<string> {
    const range = [`bs=${DISK_BLOCK}`, `skip=${block}`, `count=${count}`, "status=none"];
    const script = `dd if="$1" ${range.join(" ")} | tr -d '\\000'`;
    return (await this.host.run(["sh", "-c", script, "sh", await this.#plain()])).stdout;
  }

  /** Path of its content as a raw file. */
  async #plain(): Promise<string> {
    if (this.format === "raw") return this.path;
    const plain = `${this.path}.read`;
    await convertImage(this.host, this, { path: plain, format: "raw" });
    return plain;
  }

  /** Status of `qemu-img check`: 0 is sound, 63 a format that has nothing to check. */
  async check(): Promise<number> {
    const argv = ["qemu-img", "check", "-q", "-f", QEMU_NAME[this.format], this.path];
    return (await this.host.run(argv, { anyStatus: true })).exitCode;
  }
}

async function sha256Of(host: BootedHost, path: string): Promise<string> {
  return (await host.run(["sha256sum", path])).stdout.slice(0, 64);
}

/** Returns the first block. */
async function fillFirstBlock(host: BootedHost, raw: string): Promise<Buffer> {
  const first = Buffer.alloc(DISK_BLOCK, `xenloop ${raw}\n`);
  await host.upload(Readable.from([first]), raw);
  await host.run(["truncate", "--size", `${MEBIBYTES}M`, raw]);
  return first;
}

/** Puts the content of a raw image into a format; returns the path. */
async function wrap(host: BootedHost, raw: string, options: DataDiskOptions): Promise<string> {
  const { format = "raw", backing = false, fixed = false } = options;
  if (format === "raw") return raw;
  const path = raw.replace(/raw$/, format);
  if (backing) {
    await host.run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", raw, path]);
    return path;
  }
  // Without force_size QEMU rounds a VHD up to whole cylinders.
  const vhd = [`subformat=${fixed ? "fixed" : "dynamic"}`, "force_size=on"];
  const isVhd = QEMU_NAME[format] === "vpc";
  await convertImage(host, { path: raw, format: "raw" }, { path, format }, isVhd ? vhd : []);
  return path;
}
