import { scenario, type GuestOptions } from "../harness/scenario/index.ts";

/** What is left of the domain, by libvirt's word, for each `on_crash`. */
const LEFT: Readonly<Record<string, string>> = {
  destroy: "gone",
  "coredump-destroy": "gone",
  // The state is that of a guest that shut down; only the reason tells the crash.
  preserve: "shut off (crashed)",
};

/** Where libvirt's Xen driver puts the memory of a guest that crashed, by its name and the time. */
const DUMPS = "/var/lib/libvirt/libxl/dump";
const TIME = "????-??-??-??:??:??";

export default scenario(
  {
    title: "A guest that crashes is dealt with as on_crash says",
    tags: ["one-host", "lifecycle", "pv"],
    needs: { guestTypes: ["pv"] },
    axes: { on_crash: ["destroy", "restart", "preserve", "coredump-destroy", "coredump-restart"] },
    deadline: 240,
    predicted: [
      { axes: { on_crash: "destroy" }, outcome: "gone" },
      { axes: { on_crash: "restart" }, outcome: "runs again" },
      { axes: { on_crash: "preserve" }, outcome: "shut off (crashed)", promised: "crashed" },
      { axes: { on_crash: "coredump-destroy" }, outcome: "gone, dumped" },
      { axes: { on_crash: "coredump-restart" }, outcome: "runs again, dumped" },
    ],
  },
  async (t, { host, axes, fact, step, observe }) => {
    const onCrash = axes["on_crash"] as NonNullable<GuestOptions["onCrash"]>;
    const dumps = onCrash.startsWith("coredump");
    const definition = host.define({ type: "pv", onCrash });
    const cmdline = `${definition.cmdline} sysrq_always_enabled`;
    const own = ["find", DUMPS, "-type", "f", "-name", `${definition.name}-${TIME}`];
    const since = (await host.run(["date", "+@%s"])).stdout.trim();
    if (dumps) t.teardown(() => host.run([...own, "-delete"], { anyStatus: true }));
    const guest = await step("start", () => host.start({ type: "pv", onCrash, cmdline }));
    await step("boot", () => guest.tick(1));
    await step("crash", () => host.xl(["sysrq", guest.name, "c"]));
    if (onCrash.endsWith("restart")) {
      await step("second boot", () => guest.boot(2));
      const state = await guest.state();
      t.equal(state, "running", "libvirt says it runs again");
      observe((state === "running" ? "runs again" : state) + (dumps ? ", dumped" : ""));
    } else {
      fact("event", await step("end", () => guest.end()));
      const state = await guest.state({ reason: true });
      fact("state", state);
      t.equal(state, LEFT[onCrash], "libvirt says what is left of it");
      const listed = await host.xl(["list", guest.name], { anyStatus: true });
      observe(state + (dumps ? ", dumped" : ""));
      if (state === "gone") t.not(listed.exitCode, 0, "xl knows it no more");
      else t.match(listed.stdout, /c-\s/, "xl says it crashed");
    }
    if (dumps) {
      const found = await host.run([...own, "-size", "+32M", "-newermt", since]);
      fact("dump", found.stdout.trim());
      t.match(found.stdout, guest.name, "its memory is in a file");
    }
    const said = guest.consoleLines.join("\n");
    t.match(said, /Kernel panic - not syncing/, "the guest itself says it crashed");
  },
);
