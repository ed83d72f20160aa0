/** dom0's own kernel, unpacked: what a PV or PVH guest starts with in a tenth of the time. */
export const GUEST_KERNEL = "/usr/lib/xenloop/vmlinux";
/** Where the reporting guest's initramfs lies in dom0. */
export const GUEST_INITRD = "/usr/lib/xenloop/reporter-initrd";
/** The disk of a Debian guest, in hosts that have one; each clone of a host has its own copy. */
export const GUEST_DEBIAN_DISK = "/usr/lib/xenloop/debian-guest.raw";
/** The disk that the reporting guest boots from; it has no boot code for a BIOS yet. */
export const GUEST_BOOT_DISK = "/usr/lib/xenloop/boot-disk.raw";
