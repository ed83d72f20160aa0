import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K21",
  title: "a migration cannot be aborted",
  symptom: "virsh domjobabort: this function is not supported by the connection driver",
  affected: {},
  fix: "none; nova's support matrix calls it complete",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_driver.c",
  fingerprint: [
    { in: "reason", text: /not supported by the connection driver: virDomainAbortJob/ },
  ],
  reproducer: {
    does: "starts a PV guest and runs virsh domjobabort",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      const guest = await step("start", () => host.start({ type: "pv" }));
      const asked = await step("abort", () =>
        host.virsh(["domjobabort", guest.name], { anyStatus: true }),
      );
      t.notMatch(asked.stderr, /not supported/, "libvirt can abort a job");
    },
  },
});
