import { answer, knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k45.save";

export default knownIssue({
  id: "K45",
  title: "a domain cannot be undefined after a plain save and restore",
  symptom: "Refusing to undefine while domain managed save image exists",
  affected: { libvirt: ["<4.4.0"] },
  fix: "libvirt 4.4.0 (ac4a12db7)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/ac4a12db7",
  fingerprint: [
    { in: "reason", text: /Refusing to undefine while domain managed save image exists/ },
  ],
  reproducer: {
    does: "saves, restores, destroys and undefines a persistent PV guest",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 300,
    body: async (t, { host, step }) => {
      const guest = await step("start", () => host.start({ type: "pv" }));
      await host.virsh(["define", "/dev/stdin"], { input: await guest.xml() });
      await step("boot", () => guest.report());
      await step("save", () => host.virsh(["save", guest.name, image], { timeoutMs: 120_000 }));
      await step("restore", () => host.virsh(["restore", image], { timeoutMs: 120_000 }));
      await host.virsh(["destroy", guest.name]);
      const undefined_ = await host.virsh(["undefine", guest.name], { anyStatus: true });
      t.match(answer(undefined_), /has been undefined/, "the domain is undefined");
    },
  },
});
