import {
  diskLogIsWhole,
  migrate,
  scenario,
  sharedBlockDisk,
  sharedImage,
  verifyMove,
  type GuestType,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

export default scenario(
  {
    title: "A guest migrates with a disk that both hosts share, and its log is whole",
    tags: ["migration", "two-host", "disks"],
    needs: { hosts: 2, guestTypes: ["pvh", "hvm"] },
    deadline: 420,
    axes: { disk: ["phy", "qcow2", "vhd"], guest: ["pvh", "hvm"] },
    predicted: [
      { outcome: "the disk's log is whole" },
      // Debian's QEMU beside Xen 4.20 is built without VHD.
      { axes: { disk: "vhd" }, xen: ">=4.20", outcome: "refused by QEMU" },
    ],
  },
  async (t, { hosts, axes, fact, step, observe }) => {
    const [a, b] = hosts as [ScenarioHost, ScenarioHost];
    const type = axes["guest"] as GuestType;
    const target = type === "hvm" ? "hda" : "xvda";
    const disk = await step("disk", async () =>
      axes["disk"] === "phy"
        ? sharedBlockDisk(target)
        : sharedImage(hosts, target, axes["disk"] === "vhd" ? "vhd" : "qcow2"),
    ).catch((error: unknown) => error as Error);
    // Its qemu-img has the formats of its QEMU.
    if (disk instanceof Error) {
      t.match(disk.message, /Unknown file format 'vpc'/, "QEMU does not know the format");
      return observe("refused by QEMU");
    }
    const { words } = disk;
    const guest = await step("create", () => a.startWorkload({ type, disks: [disk] }, { words }));
    await step("guest ticks", () => guest.tick(2));

    const flags = ["--p2p"];
    const moved = await step("migrate", () => migrate(guest, a, b, { flags }));
    await step("verify", () => verifyMove(t, fact, { way: "there", moved, from: a, to: b }));
    const returned = await step("migrate back", () => migrate(moved.guest, b, a, { flags }));
    const move = { way: "back", moved: returned, from: b, to: a };
    await step("verify again", () => verifyMove(t, fact, move));

    const last = returned.guest.lastTick ?? 0;
    await step("destroy", () => returned.guest.destroy());
    const isWhole = await step("read the disk", () => diskLogIsWhole(t, a, disk, last));
    observe(isWhole ? "the disk's log is whole" : "the disk's log has gaps");
  },
);
