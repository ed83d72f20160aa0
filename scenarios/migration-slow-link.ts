import { migrate, scenario, verifyMove, type ScenarioHost } from "../harness/scenario/index.ts";

const LINK_KIB_PER_SECOND = 2048;

export default scenario(
  {
    title: "Over a slow link a migration takes its time, comes to its end and loses nothing",
    tags: ["migration", "two-host", "pvh", "faults"],
    needs: { hosts: 2, guestTypes: ["pvh"] },
    deadline: 300,
  },
  async (t, { hosts, wire, fact, step }) => {
    const [a, b] = hosts as [ScenarioHost, ScenarioHost];
    // What it writes at a tick takes the link a second.
    const guest = await step("create", () =>
      a.startWorkload({ type: "pvh", memoryMiB: 112 }, { memoryKiB: LINK_KIB_PER_SECOND }),
    );
    await step("guest ticks", () => guest.tick(2));
    await wire.limit(LINK_KIB_PER_SECOND);
    const moved = await step("migrate", () => migrate(guest, a, b, { flags: ["--p2p"] }));
    await step("verify", () => verifyMove(t, fact, { way: "there", moved, from: a, to: b }));
    const rate = moved.sentKiB / (moved.totalMs / 1000);
    fact("there_kib_per_second", rate.toFixed(0));
    t.ok(rate < LINK_KIB_PER_SECOND * 1.2, "the link was as slow as it was meant to be");

    await wire.unlimit();
    const back = await step("migrate back", () => migrate(moved.guest, b, a, { flags: ["--p2p"] }));
    await verifyMove(t, fact, { way: "back", moved: back, from: b, to: a });
    t.ok(back.totalMs < moved.totalMs, "without the limit it is faster");
  },
);
