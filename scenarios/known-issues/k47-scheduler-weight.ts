import { createdDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K47",
  title: "a guest has the scheduler weight 1000 instead of 256",
  symptom: "xl sched-credit2 says 1000",
  affected: { libvirt: ["<4.2.0"] },
  fix: "libvirt 4.2.0 (83edaf443)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/83edaf443",
  fingerprint: [{ in: "reason", text: /"the guest has the weight 256" does not hold/ }],
  reproducer: {
    does: "creates a PV guest and reads its weight",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      await step("create", () => createdDomain(t, host, { name: "k47", type: "pv" }));
      const { stdout } = await host.xl(["sched-credit2", "-d", "k47"]);
      t.match(stdout, /^k47 +\d+ +256\b/m, "the guest has the weight 256");
    },
  },
});
