import { scenario } from "../harness/scenario/index.ts";

const SAVED = "/var/lib/libvirt/guest.save";

export default scenario(
  {
    title: "A guest goes on where it was after pause and resume, save and restore",
    tags: ["one-host", "lifecycle", "pv"],
    needs: { guestTypes: ["pv"] },
    deadline: 300,
    predicted: [{ outcome: "paused, resumed, saved: gone, restored: running" }],
  },
  async (t, { host, fact, step, observe }) => {
    const guest = await step("start", () => host.start({ type: "pv" }));
    t.teardown(() => host.run(["rm", "-f", SAVED]));
    const first = await step("boot", () => guest.tick(1));

    await step("pause", () => host.virsh(["suspend", guest.name]));
    const paused = await guest.state();
    await step("resume", () => host.virsh(["resume", guest.name]));
    const second = await step("it ticks on", () => guest.tick(first + 2));

    await step("save", () => host.virsh(["save", guest.name, SAVED], { timeoutMs: 120_000 }));
    const saved = await guest.state();
    // Its console is one file before and after: what is in it now is from before.
    const console = await host.run(["grep", "XENLOOP tick", guest.consolePath]);
    const last = Number(/tick (\d+) \S+\s*$/.exec(console.stdout)?.[1]);
    const restored = await step("restore", () => host.restore(guest, SAVED));
    const third = await step("it ticks on from where it was", () => restored.tick(last + 2));
    fact("ticks", `${first} ${second} ${last} ${third}`);
    observe(`${paused}, resumed, saved: ${saved}, restored: ${await restored.state()}`);
    const readies = restored.consoleLines.filter((line) => line.includes("XENLOOP ready"));
    t.equal(readies.length, 1, "it did not boot a second time");
  },
);
