import { answer, createdDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K65",
  title: "there is no screenshot of a guest",
  symptom: "virsh screenshot: this function is not supported by the connection driver",
  affected: {},
  fix: "none: read the console",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_driver.c",
  fingerprint: [
    { in: "reason", text: /not supported by the connection driver: virDomainScreenshot/ },
  ],
  reproducer: {
    does: "runs virsh screenshot on an HVM guest",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      await step("create", () => createdDomain(t, host, { name: "k65", type: "hvm" }));
      const asked = await step("ask", () =>
        host.virsh(["screenshot", "k65", "/var/tmp/k65.ppm"], { anyStatus: true }),
      );
      t.notMatch(
        answer(asked),
        /not supported by the connection driver/,
        "libvirt takes a screenshot",
      );
    },
  },
});
