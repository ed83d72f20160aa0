import { createHash } from "node:crypto";
import {
  libxlLog,
  scenario,
  type BootDiskOptions,
  type DataDisk,
  type GuestOptions,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

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
};

const BOOTS = [
  ...["pygrub-raw", "pygrub-qcow2", "pygrub-backed", "pygrub-vhd"],
  ...["pvgrub-raw", "pvhgrub-qcow2", "bios-raw"],
];

const methodOf = (boot: string) => METHODS[boot.split("-")[0] as keyof typeof METHODS];

/** GRUB for PV guests reads kernels packed by gzip, xz and LZO, and knows zstd for files only. */
const NO_KERNEL = /error: not xen image/;

/** pygrub reads raw disks only: libxl gives it any other as a disk of dom0, by dom0's own QEMU. */
const NOT_ATTACHED = /failed to attach local disk for bootloader execution/;
const UNSERVED = "refused, dom0's QEMU serves no such disk";
const QDISKS = "/local/domain/0/backend/qdisk/0";

const FILE = "/etc/xenloop-guest";
const CONTENT = createHash("sha256").update("a file of the boot disk\n").digest("hex");

/** libxl leaves in xenstore what it could not attach to dom0, and nobody else removes it. */
async function removeStray(host: ScenarioHost, { path }: DataDisk): Promise<string> {
  const { stdout } = await host.run(["xenstore-ls", "-f", QDISKS], { anyStatus: true });
  const params = stdout.split("\n").filter((line) => line.endsWith(`:${path}"`));
  const stray = params.flatMap((line) => /\/(\d+)\/params = /.exec(line)?.[1] ?? []);
  for (const id of stray) {
    const ends = ["/libxl/0/device/vbd", "/local/domain/0/device/vbd", QDISKS];
    await host.run(["xenstore-rm", ...ends.map((end) => `${end}/${id}`)]);
  }
  // libxl's own node for dom0 goes when nothing is left in it but folders.
  const own = await host.run(["xenstore-ls", "-f", "/libxl/0"], { anyStatus: true });
  const isEmpty = own.stdout.split("\n").every((line) => line === "" || line.endsWith(' = ""'));
  if (own.exitCode === 0 && isEmpty) await host.run(["xenstore-rm", "/libxl/0"]);
  return stray.join(" ");
}

export default scenario(
  {
    title: "A guest boots from its own disk, whatever reads the kernel and whatever the format",
    tags: ["one-host", "boot", "disks"],
    needs: {
      guestTypes: ["pv", "pvh", "hvm"],
      guestTypeOf: {
        boot: Object.fromEntries(BOOTS.map((boot) => [boot, methodOf(boot).guest.type])),
      },
    },
    deadline: 420,
    axes: { boot: BOOTS },
    predicted: [
      { outcome: "PV boots" },
      // What Debian ships beside Xen 4.19 and newer is a QEMU that was built without VHD.
      { axes: { boot: "pygrub-vhd" }, xen: ">=4.19", outcome: UNSERVED, promised: "PV boots" },
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
    const boot = axes["boot"] ?? "";
    const [method, image = ""] = boot.split("-");
    const { guest: options, says } = methodOf(boot);
    const isBios = method === "bios";
    const disk = await step("make the disk", () =>
      host.bootDisk({ ...IMAGES[image], bios: isBios }),
    );
    const { path: source, format } = disk;
    // SeaBIOS reads a SCSI disk by DMA, and an IDE disk word by word: minutes under emulation.
    const target = isBios ? "sda" : "xvda";
    const disks = [{ source, target, format, driver: "qemu" }] as const;
    const said = (await libxlLog(host)).length;
    const guest = await step("create", () =>
      host.start({ ...options, fromDisk: true, disks }).catch(async (error: unknown) => {
        if (!NOT_ATTACHED.test((await libxlLog(host)).slice(said))) throw error;
        fact("stray_in_xenstore", await removeStray(host, disk));
        return UNSERVED;
      }),
    );
    if (typeof guest === "string") return observe(guest);
    const report = await step("guest boots", () => guest.reportOr(NO_KERNEL));
    if (typeof report === "string") return observe(`GRUB says ${report}`);
    fact("guest_type", report.guestType);
    observe(`${report.guestType} boots`);
    t.equal(report.guestType, says, "the guest says what it is");
    t.equal(report.disks[0]?.sha256, disk.head, "it sees the partition table of its disk");
    t.same(report.files, [{ path: FILE, sha256: CONTENT }], "and reads a file of its root");
    await step("destroy", () => guest.destroy());
    if (format === "qcow2") t.equal(await disk.check(), 0, "qemu-img check has no complaint");
    if (disk.below) t.ok(await disk.belowIsUntouched(), "the image below is as it was");
  },
);
