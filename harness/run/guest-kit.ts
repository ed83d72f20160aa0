import { createReadStream } from "node:fs";
import { join } from "node:path";
import { runTool } from "../base/process.ts";
import type { BootedHost } from "../host/booted-host.ts";
import { ownKit, type GuestKit } from "../host/guest-kit.ts";
import { OWN_FOLDER, type FoundHost } from "../host/lasting-host.ts";
import { GUEST_BOOT_DISK, GUEST_INITRD, GUEST_KERNEL } from "../image/guest-paths.ts";
import type { HostImage } from "../image/host-image.ts";
import { Scratch } from "../image/scratch.ts";

/** What guests of a host elsewhere are started with; brought there where it is none of ours. */
export async function bringKit(
  host: BootedHost,
  found: FoundHost,
  { image, scratch }: { image(): Promise<HostImage>; scratch: string },
): Promise<GuestKit> {
  if (found.hasKit) return ownKit(found.facts.dom0_kernel);
  const { disk, kernel } = await image();
  await using temporary = await Scratch.create(scratch, "kit");
  const taken = async (path: string, name: string): Promise<string> => {
    const file = join(temporary.path, name);
    await runTool(["debugfs", "-R", `dump ${path} ${file}`, disk], { timeoutMs: 60_000 });
    return file;
  };
  const folder = `${OWN_FOLDER}/kit`;
  const files = {
    kernel,
    unpacked: await taken(GUEST_KERNEL, "unpacked"),
    initrd: await taken(GUEST_INITRD, "initrd"),
    bootDisk: await taken(GUEST_BOOT_DISK, "boot-disk"),
  };
  await host.run(["mkdir", "-p", folder]);
  for (const [name, file] of Object.entries(files)) {
    await host.upload(createReadStream(file), `${folder}/${name}`);
  }
  return {
    kernel: `${folder}/kernel`,
    unpacked: `${folder}/unpacked`,
    initrd: `${folder}/initrd`,
    bootDisk: `${folder}/bootDisk`,
  };
}
