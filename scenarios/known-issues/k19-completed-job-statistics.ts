import { answer, createdDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K19",
  title: "statistics of a completed migration cannot be asked for",
  symptom: "virsh domjobinfo --completed: unsupported flags (0x1) in libxlDomainGetJobStats",
  affected: {},
  fix: "none: ask while the migration runs",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_driver.c",
  fingerprint: [
    { in: "reason", text: /unsupported flags \(0x1\) in function libxlDomainGetJobStats/ },
  ],
  reproducer: {
    does: "runs virsh domjobinfo --completed on a PV guest",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      await step("create", () => createdDomain(t, host, { name: "k19", type: "pv" }));
      const asked = await step("ask", () =>
        host.virsh(["domjobinfo", "k19", "--completed"], { anyStatus: true }),
      );
      t.notMatch(answer(asked), /unsupported flags/, "domjobinfo --completed is answered");
    },
  },
});
