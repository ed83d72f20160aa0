import { answer, createDomain, knownIssue, withDevices } from "../../harness/scenario/index.ts";

const NIC =
  "<interface type='bridge'><source bridge='xenbr0'/><filterref filter='clean-traffic'/></interface>";

export default knownIssue({
  id: "K66",
  title: "the network filter of an interface is ignored, and nobody says so",
  symptom: "a guest with <filterref filter='clean-traffic'/> starts, and nothing is filtered",
  affected: { libvirt: ["<11.3.0"] },
  fix: "libvirt 11.3.0 or before refuses it; there is no filtering with Xen",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/libxl/libxl_conf.c",
  fingerprint: [
    { in: "reason", text: /"libvirt refuses a filter that it does not apply" does not hold/ },
  ],
  reproducer: {
    does: "creates a PV guest whose interface has a <filterref>",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      const created = await step("create", () =>
        createDomain(t, host, { name: "k66", type: "pv", edit: withDevices(NIC) }),
      );
      t.match(
        answer(created),
        /filterref|filter.*not supported/,
        "libvirt refuses a filter that it does not apply",
      );
    },
  },
});
