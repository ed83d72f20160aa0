import {
  diskLogIsWhole,
  canMigrateLive,
  migrate,
  MIGRATION_MODES,
  modeOptions,
  scenario,
  sharedBlockDisk,
  verifyMove,
  wireCard,
  type GuestType,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

export default scenario(
  {
    title: "A guest goes to and fro, each time in another of libvirt's modes",
    tags: ["migration", "two-host"],
    needs: { hosts: 2, guestTypes: ["pv", "pvh", "hvm"] },
    deadline: 900,
    axes: { guest: ["pv", "pvh", "hvm"] },
  },
  async (t, { hosts, axes, fact, step }) => {
    let [from, to] = hosts as [ScenarioHost, ScenarioHost];
    const type = axes["guest"] as GuestType;
    const live = await canMigrateLive(from, type);
    fact("live", String(live));
    const { nics, words } = await wireCard(from);
    // With an HVM guest's disk the device model moves too, which migration-disk shows.
    const disks = type === "hvm" ? [] : [sharedBlockDisk("xvda")];
    const does = { words: [...words, ...disks.flatMap((disk) => disk.words)] };
    let guest = await step("create", () => from.startWorkload({ type, nics, disks }, does));
    await step("guest ticks", () => guest.tick(2));
    for (const mode of MIGRATION_MODES) {
      const options = { ...(await modeOptions(mode, to)), live };
      const moved = await step(mode, () => migrate(guest, from, to, options));
      await step(`${mode}: verify`, () => verifyMove(t, fact, { way: mode, moved, from, to }));
      await guest.letGo();
      guest = moved.guest;
      [from, to] = [to, from];
    }
    const ticks = guest.lastTick ?? 0;
    await step("destroy", () => guest.destroy());
    for (const disk of disks) {
      await diskLogIsWhole(t, from, disk, ticks);
    }
  },
);
