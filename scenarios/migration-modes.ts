import {
  canMigrateLive,
  migrate,
  MIGRATION_MODES,
  modeOptions,
  scenario,
  verifyMove,
  wireCard,
  type GuestType,
  type MigrationMode,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

export default scenario(
  {
    title: "A guest of each type migrates there and back in each of libvirt's modes",
    tags: ["migration", "two-host"],
    needs: { hosts: 2, guestTypes: ["pv", "pvh", "hvm"] },
    deadline: 480,
    axes: {
      mode: [...MIGRATION_MODES],
      guest: ["pv", "pvh", "hvm"],
    },
  },
  async (t, { hosts, axes, fact, step }) => {
    const [a, b] = hosts as [ScenarioHost, ScenarioHost];
    const mode = axes["mode"] as MigrationMode;
    const type = axes["guest"] as GuestType;
    // Where Xen cannot log what a PV guest writes it is stopped first; migration-pv shows that.
    const live = await canMigrateLive(a, type);
    fact("live", String(live));
    const { nics, words } = await wireCard(a);
    const guest = await step("create", () => a.startWorkload({ type, nics }, { words }));
    await step("guest ticks", () => guest.tick(2));

    const there = { ...(await modeOptions(mode, b)), live };
    const moved = await step("migrate", () => migrate(guest, a, b, there));
    await step("verify", () => verifyMove(t, fact, { way: "there", moved, from: a, to: b }));

    const back = { ...(await modeOptions(mode, a)), live };
    const returned = await step("migrate back", () => migrate(moved.guest, b, a, back));
    const move = { way: "back", moved: returned, from: b, to: a };
    await step("verify again", () => verifyMove(t, fact, move));
  },
);
