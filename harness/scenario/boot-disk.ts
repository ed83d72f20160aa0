import { installBiosBoot } from "../guest/bios-boot.ts";
import type { BootedHost } from "../host/booted-host.ts";
import { DataDisk, type DataDiskOptions } from "./data-disk.ts";

export interface BootDiskOptions extends DataDiskOptions {
  /** Also GRUB in the boot sector and behind it, as a BIOS wants it. */
  bios?: boolean;
  /** Done to the raw disk in dom0 before it is put into its format. */
  prepare?: (raw: string) => Promise<unknown>;
}

const COPY_TIMEOUT_MS = 120_000;

/** Partition table, kernel, initramfs and a small root; see harness/image/boot-disk.ts. */
export function createBootDisk(
  host: BootedHost,
  name: string,
  { bios = false, prepare, ...options }: BootDiskOptions,
): Promise<DataDisk> {
  return DataDisk.create(host, name, options, async (_, raw) => {
    const copy = ["cp", "--sparse=always", host.handle.kit.bootDisk, raw];
    await host.run(copy, { timeoutMs: COPY_TIMEOUT_MS });
    if (bios) await installBiosBoot(host, raw);
    await prepare?.(raw);
    const { stdout } = await host.run(["sh", "-c", `head -c 4096 "$1" | base64`, "sh", raw]);
    return Buffer.from(stdout, "base64");
  });
}
