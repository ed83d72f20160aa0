import {
  migrate,
  scenario,
  verifyMove,
  wireCard,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

export default scenario(
  {
    title: "A guest migrates live to the other host, and nothing of it is lost",
    tags: ["migration", "two-host", "pvh"],
    needs: { hosts: 2, guestTypes: ["pvh"] },
    deadline: 150,
  },
  async (t, { hosts, fact, step }) => {
    const [a, b] = hosts as [ScenarioHost, ScenarioHost];
    // Not PV: a Xen without shadow paging, as Debian ships it, cannot migrate that live.
    const { nics, words } = await wireCard(a);
    const guest = await step("create", () => a.startWorkload({ type: "pvh", nics }, { words }));
    await step("guest ticks", () => guest.tick(0));
    const moved = await step("migrate", () => migrate(guest, a, b, { flags: ["--p2p"] }));
    await step("verify", () => verifyMove(t, fact, { way: "there", moved, from: a, to: b }));
  },
);
