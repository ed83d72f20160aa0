import { GUEST_BOOT_DISK, GUEST_INITRD, GUEST_KERNEL } from "../image/guest-paths.ts";

/** Files in dom0 that the reporting guest is started with; absolute paths. */
export interface GuestKit {
  /** As a distribution packs it: any guest can be given it. */
  kernel: string;
  /** The same as an ELF file, with which PV and PVH guests start faster. */
  unpacked: string;
  initrd: string;
  /** The disk that it boots from. */
  bootDisk: string;
}

/** What images of ours have in them; the guests' kernel is dom0's own. */
export function ownKit(kernelVersion: string): GuestKit {
  return {
    kernel: `/boot/vmlinuz-${kernelVersion}`,
    unpacked: GUEST_KERNEL,
    initrd: GUEST_INITRD,
    bootDisk: GUEST_BOOT_DISK,
  };
}
