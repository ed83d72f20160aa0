import { scenario, type GuestOptions } from "../harness/scenario/index.ts";

/** What is left of the domain, by libvirt's word, for each `on_crash`. */
const LEFT: Readonly<Record<string, string>> = {
  destroy: "gone",
  // The state is that of a guest that shut down; only the reason tells the crash.
  preserve: "shut off (crashed)",
};

export default scenario(
  {
    title: "A guest that crashes is dealt with as on_crash says",
    tags: ["one-host", "lifecycle", "pv"],
    needs: { guestTypes: ["pv"] },
    axes: { on_crash: ["destroy", "restart", "preserve"] },
    deadline: 240,
    predicted: [
      { axes: { on_crash: "destroy" }, outcome: "gone" },
      { axes: { on_crash: "restart" }, outcome: "runs again" },
      { axes: { on_crash: "preserve" }, outcome: "shut off (crashed)", promised: "crashed" },
    ],
  },
  async (t, { host, axes, fact, step, observe }) => {
    const onCrash = axes["on_crash"] as NonNullable<GuestOptions["onCrash"]>;
    const definition = host.define({ type: "pv", onCrash });
    const cmdline = `${definition.cmdline} sysrq_always_enabled`;
    const guest = await step("start", () => host.start({ type: "pv", onCrash, cmdline }));
    await step("boot", () => guest.tick(1));
    await step("crash", () => host.xl(["sysrq", guest.name, "c"]));
    if (onCrash.endsWith("restart")) {
      await step("second boot", () => guest.boot(2));
      const state = await guest.state();
      t.equal(state, "running", "libvirt says it runs again");
      observe(state === "running" ? "runs again" : state);
    } else {
      fact("event", await step("end", () => guest.end()));
      const state = await guest.state({ reason: true });
      fact("state", state);
      t.equal(state, LEFT[onCrash], "libvirt says what is left of it");
      const listed = await host.xl(["list", guest.name], { anyStatus: true });
      observe(state);
      if (state === "gone") t.not(listed.exitCode, 0, "xl knows it no more");
      else t.match(listed.stdout, /c-\s/, "xl says it crashed");
    }
    const said = guest.consoleLines.join("\n");
    t.match(said, /Kernel panic - not syncing/, "the guest itself says it crashed");
  },
);
