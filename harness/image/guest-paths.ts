/** Where the reporting guest's initramfs lies in dom0; its kernel is dom0's own. */
export const GUEST_INITRD = "/usr/lib/xenloop/reporter-initrd";
/** The disk that the reporting guest boots from; it has no boot code for a BIOS yet. */
export const GUEST_BOOT_DISK = "/usr/lib/xenloop/boot-disk.raw";
