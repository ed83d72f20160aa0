import { answer, createDomain, knownIssue } from "../../harness/scenario/index.ts";

const odd = (xml: string): string =>
  xml.replace(/<memory .*<.memory>/, "<memory unit='KiB'>131075</memory>");

export default knownIssue({
  id: "K46",
  title: "a guest with an odd memory size is not created",
  symptom: "can't allocate low memory for domain: Out of memory",
  affected: { libvirt: ["<4.1.0"] },
  fix: "libvirt 4.1.0 (ef71caeaa)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/ef71caeaa",
  fingerprint: [
    { in: "reason", text: /"a guest of 131075 KiB is created" does not hold/ },
    { in: "libxl", text: /can't allocate low memory for domain: Out of memory/ },
  ],
  reproducer: {
    does: "creates a PV guest of 131075 KiB",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      const created = await step("create", () =>
        createDomain(t, host, { name: "k46", type: "pv", edit: odd }),
      );
      t.match(answer(created), /created from/, "a guest of 131075 KiB is created");
    },
  },
});
