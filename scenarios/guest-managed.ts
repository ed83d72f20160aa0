import { scenario } from "../harness/scenario/index.ts";

/** Says that autostart was done since the host's boot, in libvirts that ask for it. */
const AUTOSTARTED = "/run/libvirt/libxl/autostarted";

export default scenario(
  {
    title: "A defined guest goes on after a managed save, comes with its host, and shuts down",
    tags: ["one-host", "lifecycle", "pv"],
    needs: { guestTypes: ["pv"] },
    deadline: 300,
    predicted: [{ outcome: "saved: shut off, resumed, shut off (shutdown), autostarted" }],
  },
  async (t, { host, fact, step, observe }) => {
    const guest = await step("define and start", () => host.startDefined({ type: "pv" }));
    const { name } = guest;
    t.teardown(() => host.virsh(["undefine", name, "--managed-save"], { anyStatus: true }));
    await step("boot", () => guest.tick(1));

    const slow = { timeoutMs: 120_000 };
    await step("managed save", () => host.virsh(["managedsave", name], slow));
    const saved = await guest.state();
    const listed = (await host.virsh(["list", "--all", "--with-managed-save", "--name"])).stdout;
    t.match(listed, name, "libvirt has an image of it");
    const written = await host.run(["grep", "XENLOOP tick", guest.consolePath]);
    const last = Number(/tick (\d+) \S+\s*$/.exec(written.stdout)?.[1]);
    await step("start", () => host.virsh(["start", name], slow));
    const resumed = host.follow(guest.definition);
    const next = await step("it ticks on", () => resumed.tick(last + 2));
    fact("ticks", `${last} ${next}`);
    const readies = resumed.consoleLines.filter((line) => line.includes("XENLOOP ready"));
    t.equal(readies.length, 1, "it did not boot a second time");

    await step("shutdown", () => host.virsh(["shutdown", name]));
    fact("event", await step("end", () => resumed.end()));
    const shut = await resumed.state({ reason: true });

    await host.virsh(["autostart", name]);
    const daemon = ["systemctl", "restart", "libvirtd"];
    await step("libvirt starts", () =>
      host.run(["rm", "-f", AUTOSTARTED]).then(() => host.run(daemon, slow)),
    );
    const started = host.follow(guest.definition);
    await step("it is started", () => started.boot(2));
    const after = await started.state();
    observe(`saved: ${saved}, resumed, ${shut}, ${after === "running" ? "autostarted" : after}`);
  },
);
