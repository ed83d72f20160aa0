import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K03",
  title: "a PVH guest brings vcpus online that are to stay offline",
  symptom: "the guest has all of its <vcpu>, whatever current= says",
  affected: { xen: ["<4.17.5", ">=4.18 <4.18.3"] },
  fix: "Xen 4.19.0, 4.18.3, 4.17.5 (5cc7347b04)",
  source: "https://gitlab.com/libvirt/libvirt/-/issues/399",
  fingerprint: [{ in: "reason", text: /"the guest has the vcpus it was given" does not hold/ }],
  reproducer: {
    does: "starts a PVH guest with one of two vcpus online, and asks it",
    predicted: {
      "debian-11": "happens",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    corrected: { "debian-11": "absent" },
    correction: "a guest of Linux 5.10 has the one vcpu it was given; why is not known",
    deadline: 240,
    body: async (t, { host, step }) => {
      const guest = await step("start", () =>
        host.start({ type: "pvh", vcpus: 2, vcpusOnline: 1 }),
      );
      const { vcpus } = await step("boot", () => guest.report());
      t.equal(vcpus, 1, "the guest has the vcpus it was given");
    },
  },
});
