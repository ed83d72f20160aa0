import { answer, createdDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K24",
  title: "USB controllers cannot be added with QEMU 9.2 or newer",
  symptom: "device_add is refused by QEMU: a number is given as text",
  affected: { xen: ["<4.19.5", ">=4.20 <4.20.3", ">=4.21 <4.21.1"], qemu: [">=9.2"] },
  fix: "Xen 4.22.0, 4.21.1, 4.20.3, 4.19.5 (85e12104f4)",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=85e12104f4",
  fingerprint: [{ in: "reason", text: /"a USB controller is added" does not hold/ }],
  reproducer: {
    does: "adds a USB 3 controller to an HVM guest by xl usbctrl-attach",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 180,
    body: async (t, { host, step }) => {
      await step("create", () => createdDomain(t, host, { name: "k24", type: "hvm" }));
      const controller = ["version=3", "ports=4", "type=devicemodel"];
      const added = await step("add", () =>
        host.xl(["usbctrl-attach", "k24", ...controller], { anyStatus: true }),
      );
      t.equal(answer(added), "", "a USB controller is added");
    },
  },
});
