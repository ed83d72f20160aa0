import { createdDomain, knownIssue } from "../../harness/scenario/index.ts";

const pinned = (xml: string): string =>
  xml.replace("<os>", "<cputune><vcpupin vcpu='1' cpuset='0'/></cputune><os>");

export default knownIssue({
  id: "K55",
  title: "vcpus are pinned wrongly when not all have a pinning",
  symptom: "the pinning of the next vcpu is used",
  affected: { libvirt: ["<1.2.17"] },
  fix: "libvirt 1.2.17 (df55ed4bc)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/df55ed4bc",
  fingerprint: [{ in: "reason", text: /"only vcpu 1 is pinned" does not hold/ }],
  reproducer: {
    does: "creates a PV guest of two vcpus of which the second is pinned",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      await step("create", () =>
        createdDomain(t, host, { name: "k55", type: "pv", vcpus: 2, edit: pinned }),
      );
      const { stdout } = await host.xl(["vcpu-list", "k55"]);
      const hard = [...stdout.matchAll(/^k55 .*? (\S+) \/ \S+ *$/gm)].map(([, cpus]) => cpus);
      t.equal(hard.join(" "), "all 0", "only vcpu 1 is pinned");
    },
  },
});
