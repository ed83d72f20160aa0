import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { REPO_ROOT } from "../base/repo-paths.ts";
import { writePartitioned } from "./boot-disk.ts";
import { buildDisk } from "./disk.ts";
import { buildOverlay } from "./overlay.ts";

/** What is laid over the packages of the guest. */
export const DEBIAN_GUEST_FILES = "images/guests/debian/files";

/** Of a dom0 only: a guest of the same packages has no Xen to manage. */
const MASKED = [
  ...["libvirtd.service", "libvirtd.socket", "libvirtd-ro.socket", "libvirtd-admin.socket"],
  ...["virtlogd.socket", "virtlockd.socket", "libvirt-guests.service"],
  ...["e2scrub_reap.service", "apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer"],
];

/** For what the guest writes, over what its packages take. */
const FREE_MEGABYTES = 128;

/** Part of the key of every image that has the guest. */
export const DEBIAN_GUEST_RECIPE = { masked: MASKED, free: FREE_MEGABYTES };

export interface DebianGuestRequest {
  /** Root file system with kernel and the distribution's own initramfs. */
  rootTar: string;
  kernelVersion: string;
  /** Directory to work in. */
  scratch: string;
  output: string;
  signal?: AbortSignal;
}

/** A raw disk with one partition: a Debian with systemd that a boot loader reads like any other. */
export async function buildDebianGuest(request: DebianGuestRequest): Promise<void> {
  const { rootTar, kernelVersion, output, signal } = request;
  const scratch = join(request.scratch, "debian-guest");
  await mkdir(scratch);
  const config = join(scratch, "grub.cfg");
  await writeFile(config, grubConfig(kernelVersion));
  const overlay = join(scratch, "overlay.tar");
  await buildOverlay({
    files: join(REPO_ROOT, DEBIAN_GUEST_FILES),
    extra: { "boot/grub/grub.cfg": config },
    enable: ["xenloop-report.service"],
    masked: MASKED,
    scratch,
    output: overlay,
  });
  const { size } = await stat(rootTar);
  const megabytes = Math.ceil(size / 2 ** 20) + FREE_MEGABYTES;
  const partition = join(scratch, "partition");
  const abortable = { ...(signal && { signal }) };
  await buildDisk({ archives: [overlay, rootTar], megabytes, output: partition, ...abortable });
  await writePartitioned(partition, output);
}

function grubConfig(version: string): string {
  return `set timeout=0
set default=0
menuentry "Debian" {
  linux /boot/vmlinuz-${version} root=/dev/xvda1 ro console=hvc0
  initrd /boot/initrd.img-${version}
}
`;
}
