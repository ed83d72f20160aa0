import { scenario } from "../harness/scenario/index.ts";

export default scenario(
  {
    title: "A guest told to reboot by libvirt comes up again",
    tags: ["one-host", "lifecycle", "pv"],
    needs: { guestTypes: ["pv"] },
    deadline: 240,
    predicted: [{ outcome: "a new domain, running" }],
  },
  async (t, { host, step, observe }) => {
    const guest = await step("start", () => host.start({ type: "pv", onReboot: "restart" }));
    await step("first boot", () => guest.tick(1));
    const before = await host.virsh(["domid", guest.name]);
    await step("reboot", () => host.virsh(["reboot", guest.name]));
    await step("second boot", () => guest.boot(2));
    const after = await host.virsh(["domid", guest.name]);
    const isNew = after.stdout.trim() !== before.stdout.trim();
    t.ok(isNew, "Xen made a new domain for it");
    observe(`${isNew ? "a new" : "the same"} domain, ${await guest.state()}`);
  },
);
