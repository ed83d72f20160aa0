import { answer, createdDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K54",
  title: "an assertion of libxl ends libvirtd",
  symptom: "libxl_defbool_val: Assertion failed",
  affected: { xen: [">=4.15~rc <4.15.0"] },
  fix: "Xen 4.15.0 (8ef6345ef5)",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=8ef6345ef5",
  fingerprint: [
    { in: "reason", text: /end of file/i },
    { in: "journal", text: /libxl_defbool_val.*Assertion/ },
  ],
  reproducer: {
    does: "creates an HVM guest and asks libvirtd whether it is still there",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      await step("create", () => createdDomain(t, host, { name: "k54", type: "hvm" }));
      const asked = await step("ask", () => host.virsh(["list"], { anyStatus: true }));
      t.match(answer(asked), /k54 +paused/, "libvirtd is still there");
    },
  },
});
