import {
  answer,
  clearRemains,
  describeMove,
  migrate,
  migrateArgv,
  scenario,
  settled,
  verifyMove,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

const FILLER = "/var/lib/filler";
/** Takes all of the root file system, what is kept for root too. */
const FILL = `fallocate -l "$(($(stat -f -c '%f * %S' /)))" "$1" || true
cat /dev/zero >> "$1" 2>/dev/null || true
stat -f -c %f /`;

const SETTLES_MS = 8_000;

export default scenario(
  {
    title: "A destination whose disk is full takes no guest, and the guest runs on",
    tags: ["migration", "two-host", "pvh", "faults"],
    needs: { hosts: 2, guestTypes: ["pvh"] },
    deadline: 300,
    predicted: [
      {
        // libxl cannot write down what it made, and needs that to take it away again.
        outcome: "runs on source; destination: GUEST is paused",
        promised: "runs on source",
      },
    ],
  },
  async (t, { hosts, fact, step, observe }) => {
    const [a, b] = hosts as [ScenarioHost, ScenarioHost];
    const guest = await step("create", () => a.startWorkload({ type: "pvh" }));
    const { name } = guest;
    await step("guest ticks", () => guest.tick(2));
    const { stdout } = await step("fill the disk", () =>
      b.run(["sh", "-c", FILL, "sh", FILLER], { timeoutMs: 120_000 }),
    );
    t.equal(stdout.trim(), "0", "no block is free on the destination");
    const asked = await step("migrate", () =>
      a.virsh(migrateArgv(name, b, { flags: ["--p2p"] }), {
        anyStatus: true,
        timeoutMs: 120_000,
      }),
    );
    fact("migrate_error", answer(asked));
    t.equal(asked.exitCode, 1, "it fails");
    const found = await step("settle", () => settled(name, hosts, SETTLES_MS));
    const tick = guest.lastTick ?? 0;
    await step("it goes on", () => guest.tick(tick + 2));
    observe(describeMove(name, a, b, found));

    await b.run(["rm", FILLER]);
    await step("clear", () => clearRemains(name, b));
    const moved = await step("the next migration", () =>
      migrate(guest, a, b, { flags: ["--p2p"] }),
    );
    await verifyMove(t, fact, { way: "next", moved, from: a, to: b });
  },
);
