import {
  libxlLog,
  migrate,
  scenario,
  verifyMove,
  type Migration,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

export default scenario(
  {
    title: "A PV guest migrates live where Xen has shadow paging, and is refused elsewhere",
    tags: ["migration", "two-host", "pv"],
    needs: { hosts: 2, guestTypes: ["pv"] },
    deadline: 180,
  },
  async (t, { hosts, fact, step }) => {
    const [a, b] = hosts as [ScenarioHost, ScenarioHost];
    const caps = (await a.xl(["info", "virt_caps"])).stdout.trim().split(" ");
    const shadow = caps.includes("shadow");
    fact("shadow_paging", String(shadow));
    const guest = await step("create", () => a.startWorkload({ type: "pv" }));
    await step("guest ticks", () => guest.tick(2));
    const attempt = await step("migrate", () =>
      migrate(guest, a, b, { flags: ["--p2p"] }).catch((error: unknown) => error as Error),
    );
    if (shadow) return verifyMove(t, fact, { way: "there", moved: moved(attempt), from: a, to: b });

    // Which pages a running PV guest writes to is known to Xen's shadow code alone.
    fact("migrate_error", String(attempt).replace(/^.*(?=error: )/, ""));
    t.match(String(attempt), /Failed to send migration data to destination host/, "it is refused");
    const log = await libxlLog(a);
    t.match(log, /Failed to enable logdirty: 95,22,0/, "because Xen does not support it (95)");
    t.equal(await guest.state(), "running", "the guest still runs on the source");
    const tick = guest.lastTick ?? 0;
    await step("guest still ticks", () => guest.tick(tick + 2));
    const there = (await b.virsh(["list", "--all", "--name"])).stdout;
    t.notMatch(there, guest.name, "nothing is left on the destination");
  },
);

function moved(attempt: Migration | Error): Migration {
  if (attempt instanceof Error) throw attempt;
  return attempt;
}
