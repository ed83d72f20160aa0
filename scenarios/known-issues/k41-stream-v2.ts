import { answer, knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k41.save";

export default knownIssue({
  id: "K41",
  title: "a guest cannot be saved and restored with Xen 4.6 or newer",
  symptom: "the stream cannot be read",
  affected: { libvirt: [">=1.3.4 <1.3.5"], xen: [">=4.6"] },
  fix: "libvirt 1.3.5 (5325123d2, f9edcfa47)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/5325123d2",
  fingerprint: [{ in: "reason", text: /"the guest is restored" does not hold/ }],
  reproducer: {
    does: "saves a PV guest and restores it",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 300,
    body: async (t, { host, step }) => {
      const guest = await step("start", () => host.start({ type: "pv" }));
      await step("boot", () => guest.report());
      await step("save", () => host.virsh(["save", guest.name, image], { timeoutMs: 120_000 }));
      t.teardown(() => host.virsh(["destroy", guest.name], { anyStatus: true }));
      const restored = await step("restore", () =>
        host.virsh(["restore", image], { timeoutMs: 120_000, anyStatus: true }),
      );
      t.match(answer(restored), /restored from/, "the guest is restored");
    },
  },
});
