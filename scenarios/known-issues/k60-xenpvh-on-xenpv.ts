import { answer, createDomain, knownIssue } from "../../harness/scenario/index.ts";

const wrongMachine = (xml: string): string => xml.replace('machine="xenpvh"', 'machine="xenpv"');

export default knownIssue({
  id: "K60",
  title: "a guest of type xenpvh on the machine xenpv crashes libvirtd",
  symptom: "error: Disconnected from xen:///system due to end of file",
  affected: { libvirt: ["<9.0.0"] },
  fix: "unknown; write the machine xenpvh",
  source: "https://gitlab.com/libvirt/libvirt/-/issues/390",
  fingerprint: [
    { in: "reason", text: /end of file/i },
    { in: "dmesg", text: /(?:libvirtd|rpc-worker)\[PID\]: segfault/ },
  ],
  reproducer: {
    does: "creates a guest with <type machine='xenpv'>xenpvh</type>",
    predicted: {
      "debian-11": "happens",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    corrected: { "debian-11": "absent" },
    correction: "libvirtd of Debian 11 lives; the report was of libvirt 8.7 and 8.8",
    deadline: 120,
    body: async (t, { host, step }) => {
      const created = await step("create", () =>
        createDomain(t, host, { name: "k60", type: "pvh", edit: wrongMachine }),
      );
      t.notMatch(answer(created), /end of file/i, "libvirtd survives");
    },
  },
});
