import { createHash } from "node:crypto";
import { scenario, type BootDiskOptions, type GuestOptions } from "../harness/scenario/index.ts";

const GRUB = "/usr/lib/grub-xen";

/** Who reads the kernel out of the disk, and what the guest then says it is. */
const METHODS = {
  pygrub: { guest: { type: "pv", bootloader: "pygrub" }, says: "PV" },
  pvgrub: { guest: { type: "pv", kernel: `${GRUB}/grub-x86_64-xen.bin` }, says: "PV" },
  pvhgrub: { guest: { type: "pvh", kernel: `${GRUB}/grub-i386-xen_pvh.bin` }, says: "PVH" },
  bios: { guest: { type: "hvm" }, says: "HVM" },
} as const satisfies Record<string, { guest: GuestOptions; says: string }>;

const IMAGES: Readonly<Record<string, BootDiskOptions>> = {
  raw: { format: "raw" },
  qcow2: { format: "qcow2" },
  backed: { format: "qcow2", backing: true },
  vhd: { format: "vhd" },
  fixed: { format: "vhd", fixed: true },
};

/** GRUB for PV guests reads kernels packed by gzip, xz and LZO, and knows zstd for files only. */
const NO_KERNEL = /error: not xen image/;

const FILE = "/etc/xenloop-guest";
const CONTENT = createHash("sha256").update("a file of the boot disk\n").digest("hex");

export default scenario(
  {
    title: "A guest boots from its own disk, whatever reads the kernel and whatever the format",
    tags: ["one-host", "boot", "disks"],
    needs: { guestTypes: ["pv", "pvh", "hvm"] },
    deadline: 420,
    axes: {
      boot: [...["pygrub-raw", "pygrub-qcow2", "pvgrub-raw", "pvhgrub-qcow2"], "bios-raw"],
    },
    predicted: [
      { outcome: "PV boots" },
      // Debian packs the kernels of releases with Xen 4.20 by zstd.
      {
        axes: { boot: "pvgrub-raw" },
        xen: ">=4.20",
        outcome: "GRUB says error: not xen image",
        promised: "PV boots",
      },
      { axes: { boot: "pvhgrub-qcow2" }, outcome: "PVH boots" },
      { axes: { boot: "bios-raw" }, outcome: "HVM boots" },
    ],
  },
  async (t, { host, axes, fact, step, observe }) => {
    const [method = "", image = ""] = (axes["boot"] ?? "").split("-");
    const { guest: options, says } = METHODS[method as keyof typeof METHODS];

    const isBios = method === "bios";
    const disk = await step("make the disk", () =>
      host.bootDisk({ ...IMAGES[image], bios: isBios }),
    );
    const { path: source, format } = disk;
    const target = isBios ? "hda" : "xvda";
    const disks = [{ source, target, format, driver: "qemu" }] as const;
    const guest = await step("create", () => host.start({ ...options, fromDisk: true, disks }));
    const report = await step("guest boots", () => guest.reportOr(NO_KERNEL));
    if (typeof report === "string") return observe(`GRUB says ${report}`);
    fact("guest_type", report.guestType);
    observe(`${report.guestType} boots`);
    t.equal(report.guestType, says, "the guest says what it is");
    t.equal(report.disks[0]?.sha256, disk.head, "it sees the partition table of its disk");
    t.same(report.files, [{ path: FILE, sha256: CONTENT }], "and reads a file of its root");
    await step("destroy", () => guest.destroy());
    if (format === "qcow2") t.equal(await disk.check(), 0, "qemu-img check has no complaint");
  },
);
