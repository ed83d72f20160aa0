import { libvirt, xen } from "../commits.ts";
import type { Statement } from "../statement.ts";

export const DISKS: Statement[] = [
  {
    id: "K07",
    topic: "disks",
    subject: "xen",
    title: "driver name='tap' or 'tap2' with raw or vhd",
    range: { xen: "<4.13" },
    ok: "has blktap2",
    cases: [
      {
        xen: ">=4.13 <4.19",
        status: "fail",
        text: "never works, blktap2 was removed in 4.13: \"no suitable backend for disk\"; use driver name='qemu'",
      },
      {
        xen: ">=4.19",
        status: "warn",
        text: "is accepted again without a look for tapback: where that is missing the disk's hotplug times out (K08)",
      },
    ],
    affects: "disks that nova configures as tap",
    confidence: "read",
    commits: [
      xen("5c883cf036", "4.13.0", "removal of blktap2"),
      xen("2a556b63a2", "4.13.0", "removal of blktap2"),
      xen("6d7d8d2b3e", "4.19.0", "libxl: tap backend again, served by tapback"),
    ],
    links: ["https://wiki.xenproject.org/wiki/Storage_options"],
    page: "Xen supports raw, qcow2 and vhd image formats.",
    correction:
      "By driver name='qemu', and vhd as type='vhd': type='vpc' is refused by every libvirt. tap means something else in 4.12, 4.13 and 4.19.",
  },
  {
    id: "phy-file",
    topic: "disks",
    subject: "xen",
    title: "raw files through blkback",
    range: { xen: ">=4.6" },
    ok: "a raw file without a driver name is served by blkback over a loop device",
    cases: [
      {
        xen: "<4.6",
        status: "warn",
        text: "blkback takes block devices only; a raw file is served by QEMU or by a loop device of your own",
      },
    ],
    affects: "raw disks, and statistics, which only blkback disks have",
    confidence: "read",
    commits: [xen("a0a2dc45f1", "4.6.0", "libxl: phy backend for regular files on Linux")],
    links: [],
  },
  {
    id: "K44",
    topic: "disks",
    subject: "libvirt",
    title: "detaching a disk without <driver>",
    range: { libvirt: ">=3.1.0" },
    ok: "detaches a disk whose backend libxl chose",
    cases: [
      {
        libvirt: "<3.1.0",
        status: "warn",
        text: '`virsh detach-disk` fails with "unrecognized disk backend type: 0" unless the XML names a driver',
      },
    ],
    affects: "virsh detach-disk",
    confidence: "read",
    commits: [
      libvirt("bd1168101", "3.1.0", "libxl: disk detach"),
      libvirt("321a28c6a", "3.1.0", "libxl: disk detach"),
    ],
    links: [],
  },
];
