import { knownIssue } from "../../harness/scenario/index.ts";

const SAVED = "/var/lib/libvirt/k79.save";

export default knownIssue({
  id: "K79",
  title: "an HVM guest is neither restored nor migrated to where QEMU reads no file by fd:",
  symptom:
    "the device model ends at once, fd: migration to a file is not supported. Use file: instead; virsh restore fails, and virsh migrate with Migration failed. Domain is not running on destination host: the guest is lost. Seen with QEMU 11.1, not with 10.0",
  affected: { qemu: [">=11"] },
  fix: "a libxl that hands QEMU its state by file: or by a pipe; Xen 4.20's does not. PVH and PV guests have no device model, and migrate",
  source: "https://www.qemu.org/docs/master/about/removed-features.html",
  fingerprint: [{ in: "qemu-dm", text: /fd: migration to a file is not supported/ }],
  reproducer: {
    does: "saves an HVM guest and restores it",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "happens",
    },
    deadline: 300,
    needs: { guestTypes: ["hvm"] },
    body: async (t, { host, step }) => {
      const guest = await step("create", () => host.start({ type: "hvm" }));
      const tick = await step("guest ticks", () => guest.tick(1));
      t.teardown(() => host.run(["rm", "-f", SAVED]));
      await step("save", () => host.virsh(["save", guest.name, SAVED], { timeoutMs: 120_000 }));
      const argv = ["restore", SAVED];
      const asked = await step("restore", () =>
        host.virsh(argv, { anyStatus: true, timeoutMs: 120_000 }),
      );
      if (!t.equal(asked.exitCode, 0, `it is restored: ${asked.stderr.trim()}`)) return;
      const console = await host.consoleBytes(guest.name);
      const restored = host.follow(guest.definition, console);
      await step("it ticks on", () => restored.tick(tick + 2));
    },
  },
});
