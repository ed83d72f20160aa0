import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K13",
  title: "a guest that has shut down stays running for libvirt",
  symptom: "virsh list says running until virsh destroy",
  affected: { libvirt: [">=6.9.0 <7.1.0"] },
  fix: "libvirt 7.1.0 (87a9d3a6b0), Debian 7.0.0-3+deb11u3",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/87a9d3a6b0",
  fingerprint: [{ in: "reason", text: /"libvirt sees that the guest is over" does not hold/ }],
  reproducer: {
    does: "switches a running guest off from inside (sysrq o) and waits for libvirt's word",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 240,
    body: async (t, { host, step }) => {
      const guest = await step("start", () => host.start({ type: "pv" }));
      await step("boot", () => guest.report());
      await host.xl(["sysrq", guest.name, "o"]);
      const over = await step("wait for its end", () =>
        guest.tick(1_000_000, 60_000).catch((error: unknown) => (error as { code?: string }).code),
      );
      t.equal(over, "GUEST_GONE", "libvirt sees that the guest is over");
    },
  },
});
