import { Readable } from "node:stream";
import type { BootedHost } from "../host/booted-host.ts";
import { BOOT_CODE_BYTES, grubBootCode } from "../image/grub-boot-code.ts";

/** Puts GRUB into a raw disk in dom0, the boot sector up to the partition table and behind it. */
export async function installBiosBoot(host: BootedHost, raw: string): Promise<void> {
  const { bootSector, core } = await grubBootCode();
  const parts = { boot: bootSector.subarray(0, BOOT_CODE_BYTES), core };
  for (const [part, bytes] of Object.entries(parts)) {
    await host.upload(Readable.from([bytes]), `${raw}.${part}`);
    const seek = part === "core" ? 1 : 0;
    const target = ["bs=512", `seek=${seek}`, "conv=notrunc", "status=none"];
    await host.run(["dd", `if=${raw}.${part}`, `of=${raw}`, ...target]);
  }
}
