import { answer, createdDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K56",
  title: "creating and destroying guests at the same time hangs",
  symptom: "libvirtd does not answer; the search for a dead domain never ends",
  affected: { libvirt: ["<1.2.15"] },
  fix: "libvirt 1.2.15 with Xen 4.4.3 or 4.5.1 (6dfec1efba, 4783c99aab)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/6dfec1efba",
  fingerprint: [
    {
      in: "reason",
      text: /"libvirtd still answers" does not hold|deadline of .*it was at: create and destroy/,
    },
  ],
  reproducer: {
    does: "creates and destroys three PV guests at the same time, twice, and asks libvirtd for its guests",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 300,
    body: async (t, { host, step }) => {
      const cycle = async (name: string): Promise<void> => {
        for (let round = 0; round < 2; round += 1) {
          await createdDomain(t, host, { name, type: "pv" });
          await host.virsh(["destroy", name], { timeoutMs: 120_000 });
        }
      };
      await step("create and destroy", () => Promise.all(["k56a", "k56b", "k56c"].map(cycle)));
      const listed = await host.virsh(["list", "--all", "--name"], { anyStatus: true });
      t.equal(answer(listed), "Domain-0", "libvirtd still answers");
    },
  },
});
