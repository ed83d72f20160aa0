import { answer, createdDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K64",
  title: "a guest cannot have snapshots",
  symptom: "virsh snapshot-create: this function is not supported by the connection driver",
  affected: {},
  fix: "none: snapshot the image while the guest is paused or off",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_driver.c",
  fingerprint: [
    { in: "reason", text: /not supported by the connection driver: virDomainSnapshotCreateXML/ },
  ],
  reproducer: {
    does: "runs virsh snapshot-create on a PV guest",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      await step("create", () => createdDomain(t, host, { name: "k64", type: "pv" }));
      const asked = await step("ask", () =>
        host.virsh(["snapshot-create", "k64"], { anyStatus: true }),
      );
      t.notMatch(
        answer(asked),
        /not supported by the connection driver/,
        "libvirt takes a snapshot",
      );
    },
  },
});
