/** Where the reporting guest's initramfs lies in dom0; its kernel is dom0's own. */
export const GUEST_INITRD = "/usr/lib/xenloop/reporter-initrd";
