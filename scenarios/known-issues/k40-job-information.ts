import { answer, createdDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K40",
  title:
    "libvirt cannot tell about the job of a guest, and Nova's monitoring of a migration crashes",
  symptom:
    "virsh domjobinfo: this function is not supported by the connection driver; the instance stays MIGRATING",
  affected: { libvirt: ["<1.3.1"] },
  fix: "libvirt 1.3.1 (ad71665104, b7b439196c)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/ad71665104",
  fingerprint: [
    { in: "reason", text: /not supported by the connection driver: virDomainGetJob(Info|Stats)/ },
  ],
  reproducer: {
    does: "runs virsh domjobinfo on a PV guest",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      await step("create", () => createdDomain(t, host, { name: "k40", type: "pv" }));
      const asked = await step("ask", () => host.virsh(["domjobinfo", "k40"], { anyStatus: true }));
      t.match(answer(asked), /Job type: +None/, "libvirt tells about the job");
    },
  },
});
