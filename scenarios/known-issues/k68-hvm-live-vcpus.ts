import { answer, createdDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K68",
  title: "the vcpus of a running HVM guest cannot be changed",
  symptom: "virsh setvcpus --live fails, as openQA saw on SLES 15 SP3 (bsc#1180350)",
  affected: {},
  fix: "unknown",
  source: "https://bugzilla.suse.com/show_bug.cgi?id=1180350",
  fingerprint: [{ in: "reason", text: /"a vcpu is added to a running HVM guest" does not hold/ }],
  reproducer: {
    does: "adds a vcpu to an HVM guest by virsh setvcpus --live",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    corrected: { "debian-11": "happens" },
    correction: "libxl of Xen 4.14 with libvirt 7.0.0 fails: Failed to set vcpus for domain",
    deadline: 180,
    body: async (t, { host, step }) => {
      await step("create", () =>
        createdDomain(t, host, { name: "k68", type: "hvm", vcpus: 2, vcpusOnline: 1 }),
      );
      const asked = await step("ask", () =>
        host.virsh(["setvcpus", "k68", "2", "--live"], { anyStatus: true }),
      );
      t.match(answer(asked), /^$/, "a vcpu is added to a running HVM guest");
    },
  },
});
