import { answer, createdDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K21",
  title: "a migration cannot be aborted",
  symptom: "virsh domjobabort: this function is not supported by the connection driver",
  affected: {},
  fix: "none; Nova's support matrix calls it complete",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_driver.c",
  fingerprint: [
    { in: "reason", text: /not supported by the connection driver: virDomainAbortJob/ },
  ],
  reproducer: {
    does: "runs virsh domjobabort on a PV guest",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      await step("create", () => createdDomain(t, host, { name: "k21", type: "pv" }));
      const asked = await step("ask", () =>
        host.virsh(["domjobabort", "k21"], { anyStatus: true }),
      );
      t.notMatch(
        answer(asked),
        /not supported by the connection driver/,
        "libvirt can abort a job",
      );
    },
  },
});
