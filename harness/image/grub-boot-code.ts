import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "../base/process.ts";
import { ImageBuildFailed } from "./errors.ts";

/** Code of a boot sector; the rest of it is the partition table. */
export const BOOT_CODE_BYTES = 440;
const GRUB = "/usr/lib/grub/i386-pc";
const MODULES = ["biosdisk", "part_msdos", "ext2", "normal"];

export interface BootCode {
  bootSector: Buffer;
  /** From the disk's second sector on, where boot sectors expect it unless told. */
  core: Buffer;
}

/**
 * This machine's GRUB for a BIOS that reads (hd0,msdos1)/boot/grub/grub.cfg.
 * @param loaders modules of what it starts; a Linux kernel unless told
 */
export async function grubBootCode(loaders: readonly string[] = ["linux"]): Promise<BootCode> {
  const sector = join(GRUB, "boot.img");
  if ((await stat(sector).catch(() => undefined)) === undefined) {
    throw new ImageBuildFailed("the boot disk", `${sector} is missing: install grub-pc-bin`);
  }
  const scratch = await mkdtemp(join(tmpdir(), "xenloop-grub-"));
  try {
    const output = join(scratch, "core.img");
    const prefix = "(hd0,msdos1)/boot/grub";
    const argv = ["grub-mkimage", "-O", "i386-pc", "-d", GRUB, "-p", prefix, "-o", output];
    await runTool([...argv, ...MODULES, ...loaders], { timeoutMs: 60_000 });
    return { bootSector: await readFile(sector), core: await readFile(output) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
