import type { ScenarioHost } from "./scenario-host.ts";

/** A file system with kernel, initial ramdisk and menu, as pygrub reads it: KERNEL INITRD MIB IMAGE. */
const MAKE = `set -e
root=$(mktemp -d)
mkdir -p $root/boot/grub
cp "$1" $root/boot/vmlinuz
cp "$2" $root/boot/initrd
truncate --size="$3M" $root/boot/initrd
cat >$root/boot/grub/menu.lst <<MENU
default 0
timeout 0
title guest
root (hd0)
kernel /boot/vmlinuz console=hvc0
initrd /boot/initrd
MENU
rm -f "$4"
truncate --size=128M "$4"
mke2fs -q -F -t ext4 -d $root "$4"
rm -r $root
`;

/**
 * Makes a raw image in dom0, a file system without partitions, from which pygrub starts the
 * reporting guest; its ramdisk is padded to `ramdiskMiB`.
 */
export async function pygrubDisk(
  host: ScenarioHost,
  image: string,
  ramdiskMiB: number,
): Promise<void> {
  const { kernel = "", initrd = "" } = host.define({ type: "pv" });
  const argv = ["sh", "-c", MAKE, "sh", kernel, initrd, String(ramdiskMiB), image];
  await host.run(argv, { timeoutMs: 120_000 });
}
