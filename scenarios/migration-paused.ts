import {
  libxlLog,
  answer,
  migrateArgv,
  scenario,
  verifyStayed,
  watchJob,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

export default scenario(
  {
    title: "A paused guest cannot say that it may be suspended, so it stays where it is",
    tags: ["migration", "two-host", "pvh"],
    needs: { hosts: 2, guestTypes: ["pvh"] },
    deadline: 300,
  },
  async (t, { hosts, fact, step }) => {
    const [a, b] = hosts as [ScenarioHost, ScenarioHost];
    const guest = await step("create", () => a.startWorkload({ type: "pvh" }));
    await step("guest ticks", () => guest.tick(2));
    await step("pause", () => a.virsh(["suspend", guest.name]));
    const { result } = await step("migrate", () =>
      watchJob(a, guest.name, () =>
        a.virsh(migrateArgv(guest.name, b, { flags: ["--p2p"] }), {
          anyStatus: true,
          timeoutMs: 150_000,
        }),
      ),
    );
    fact("migrate_error", answer(result));
    t.match(answer(result), /Failed to send migration data to destination host/, "it is refused");
    const log = await libxlLog(a);
    t.match(log, /Domain has not been suspended: shutdown 0/, "because it does not answer");
    t.equal(await guest.state(), "paused", "libvirt says that it is paused");
    await a.virsh(["resume", guest.name]);
    await step("verify", () => verifyStayed(t, { way: "afterwards", guest, from: a, to: b }));
  },
);
