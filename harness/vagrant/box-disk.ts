import { copyFile, mkdir, open, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { REPO_ROOT } from "../base/repo-paths.ts";
import { runTool } from "../base/process.ts";
import { kernelArguments, xenArguments } from "../host/host-machine.ts";
import { PARTITION_START, partitionTable } from "../image/boot-disk.ts";
import { BOOT_CODE_BYTES, grubBootCode } from "../image/grub-boot-code.ts";
import type { HostImage } from "../image/host-image.ts";
import { packTree } from "../image/initramfs.ts";
import type { AccelProfile } from "../machine/cpu-profile.ts";
import { editFileSystem, filesBelow, type Edit } from "./file-system-edit.ts";
import { findHypervisor } from "./hypervisor.ts";

const MIB = 2 ** 20;
/** Room for guests' disks; what is not written takes none. */
export const BOX_GIB = 8;
/** What a box has over the image: its network, its ssh. */
const FILES = join(REPO_ROOT, "images/box/files");
const WANTED = "/etc/systemd/system/multi-user.target.wants";
const INITRD = "/boot/xenloop-initrd";

export interface BoxDiskRequest {
  image: HostImage;
  untuned: boolean;
  /** Its words for dom0's kernel are harmless under another accelerator. */
  profile: AccelProfile;
  /** Public keys that may log in as root. */
  authorizedKeys: string;
  /** Directory to work in. */
  scratch: string;
  /** qcow2. */
  output: string;
  signal?: AbortSignal;
}

/**
 * A disk that boots by itself, BIOS → GRUB → Xen → dom0, made from a host's image without root
 * and without loop devices. The harness's agent is not started; ssh is, and DHCP is asked.
 */
export async function buildBoxDisk(request: BoxDiskRequest): Promise<void> {
  const { image, scratch, output, signal } = request;
  const options = { timeoutMs: 300_000, ...(signal && { signal }) };
  const raw = join(scratch, "box.raw");
  await writeFile(raw, "");
  await truncate(raw, BOX_GIB * 1024 * MIB);
  const copy = [`if=${image.disk}`, `of=${raw}`, "bs=1M", `seek=${PARTITION_START / MIB}`];
  await runTool(["dd", ...copy, "conv=sparse,notrunc", "status=none"], options);
  const partition = `${raw}?offset=${PARTITION_START}`;
  // It lives longer than a host of the harness: with a journal it survives being switched off.
  await runTool(["resize2fs", "-f", partition, `${BOX_GIB * 1024 - 1}M`], options);
  // It cuts the file off where the partition would end if it began at 0.
  await truncate(raw, BOX_GIB * 1024 * MIB);
  await runTool(["tune2fs", "-j", partition], options);
  await editFileSystem(partition, await edits(request), join(scratch, "edits"));
  await writeBootCode(raw);
  const compressed = ["-c", "-o", "compression_type=zstd", "-f", "raw", "-O", "qcow2"];
  await runTool(["qemu-img", "convert", ...compressed, raw, output], options);
}

async function edits(request: BoxDiskRequest): Promise<Edit[]> {
  const { image, profile, authorizedKeys, scratch } = request;
  const place = async (name: string, text: string): Promise<string> => {
    const path = join(scratch, name);
    await writeFile(path, text);
    return path;
  };
  const config = grubConfig({
    xen: `/boot/${await findHypervisor(image.disk)}`,
    xenArgs: xenArguments(image.spec.dom0, profile),
    kernel: `/boot/vmlinuz-${image.kernelVersion}`,
    kernelArgs: kernelArguments("/dev/vda1", profile),
  });
  const keys = await place("authorized_keys", authorizedKeys);
  return [
    ...(await filesBelow(FILES, (path) => (path.startsWith("/usr/lib/xenloop/") ? "755" : "644"))),
    { kind: "file", path: "/boot/grub/grub.cfg", source: await place("grub.cfg", config) },
    { kind: "file", path: INITRD, source: await buildInitrd(request) },
    { kind: "file", path: "/root/.ssh/authorized_keys", source: keys, mode: "600" },
    { kind: "link", path: `${WANTED}/ssh.service`, target: "/lib/systemd/system/ssh.service" },
    { kind: "remove", path: `${WANTED}/xenloop-agent.service` },
  ];
}

export interface GrubEntry {
  xen: string;
  xenArgs: readonly string[];
  kernel: string;
  kernelArgs: readonly string[];
}

/** The first word behind each file is dropped by Xen and Linux alike. */
export function grubConfig({ xen, xenArgs, kernel, kernelArgs }: GrubEntry): string {
  return `set timeout=0
set default=0
menuentry "Xen" {
  multiboot2 ${xen} placeholder ${xenArgs.join(" ")}
  module2 ${kernel} placeholder ${kernelArgs.join(" ")}
  module2 --nounzip ${INITRD}
}
`;
}

/** The host's own archive with another /init behind it: of equal names the kernel keeps the last. */
async function buildInitrd(request: BoxDiskRequest): Promise<string> {
  const { image, untuned, scratch, signal } = request;
  // The distribution's finds its root by itself.
  if (untuned) return image.initrd;
  const tree = join(scratch, "initrd-tree");
  await mkdir(tree);
  await copyFile(join(REPO_ROOT, "images/box/initramfs-init"), join(tree, "init"));
  const addition = join(scratch, "initrd-addition");
  await packTree(tree, addition, signal);
  const output = join(scratch, "initrd");
  await writeFile(output, Buffer.concat([await readFile(image.initrd), await readFile(addition)]));
  return output;
}

async function writeBootCode(raw: string): Promise<void> {
  // Xen is compressed: GRUB unpacks it.
  const { bootSector, core } = await grubBootCode(["multiboot2", "gzio"]);
  const first = partitionTable(BOX_GIB * 1024 * MIB - PARTITION_START);
  bootSector.copy(first, 0, 0, BOOT_CODE_BYTES);
  await using disk = await open(raw, "r+");
  await disk.write(Buffer.concat([first, core]), 0, undefined, 0);
}
