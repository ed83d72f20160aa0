import { scenario } from "../harness/scenario/index.ts";

export default scenario(
  {
    title: "A guest told to reboot by libvirt comes up again",
    tags: ["one-host", "lifecycle", "pv"],
    needs: { guestTypes: ["pv"] },
    deadline: 240,
  },
  async (t, { host, step }) => {
    const guest = await step("start", () => host.start({ type: "pv", onReboot: "restart" }));
    await step("first boot", () => guest.tick(1));
    const before = await host.virsh(["domid", guest.name]);
    await step("reboot", () => host.virsh(["reboot", guest.name]));
    await step("second boot", () => guest.boot(2));
    const after = await host.virsh(["domid", guest.name]);
    t.not(after.stdout.trim(), before.stdout.trim(), "Xen made a new domain for it");
    t.equal(await guest.state(), "running", "libvirt says it runs");
  },
);
