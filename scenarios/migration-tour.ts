import {
  canMigrateLive,
  migrate,
  MIGRATION_MODES,
  modeOptions,
  scenario,
  verifyMove,
  type GuestType,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

export default scenario(
  {
    title: "A guest goes to and fro, each time in another of libvirt's modes",
    tags: ["migration", "two-host"],
    needs: { hosts: 2, guestTypes: ["pv", "pvh", "hvm"] },
    deadline: 600,
    axes: { guest: ["pv", "pvh", "hvm"] },
  },
  async (t, { hosts, axes, fact, step }) => {
    let [from, to] = hosts as [ScenarioHost, ScenarioHost];
    const type = axes["guest"] as GuestType;
    const live = await canMigrateLive(from, type);
    fact("live", String(live));
    let guest = await step("create", () => from.startWorkload({ type }));
    await step("guest ticks", () => guest.tick(2));
    for (const mode of MIGRATION_MODES) {
      const options = { ...(await modeOptions(mode, to)), live };
      const moved = await step(mode, () => migrate(guest, from, to, options));
      await step(`${mode}: verify`, () => verifyMove(t, fact, { way: mode, moved, from, to }));
      await guest.letGo();
      guest = moved.guest;
      [from, to] = [to, from];
    }
  },
);
