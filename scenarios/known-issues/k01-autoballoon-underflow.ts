import { answer, createDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K01",
  title: "libvirt cannot balloon dom0 to make room for a guest",
  symptom: "operation failed: Failed to balloon domain0 memory; xl create of the same guest works",
  affected: { libvirt: [">=7.3.0 <11.3.0"], xen: [">=4.13"] },
  fix: "libvirt 11.3.0 or before (a signed difference); or set dom0_mem, as for every host that is not a test",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_domain.c",
  fingerprint: [{ in: "reason", text: /Failed to balloon domain0 memory/ }],
  reproducer: {
    does: "boots without dom0_mem, so that dom0 has all memory, and creates a guest",
    predicted: {
      "debian-11": "absent",
      "debian-12": "happens",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 180,
    dom0: { mem: "" },
    body: async (t, { host, fact, step }) => {
      const free = /^free_memory *: (\d+)/m.exec((await host.xl(["info"])).stdout)?.[1] ?? "";
      fact("free_memory_mib", free);
      const created = await step("create", () =>
        createDomain(t, host, { name: "k01", type: "pv", memoryMiB: 256 }),
      );
      t.match(answer(created), /created from/, "libvirt makes room for the guest");
    },
  },
});
