import { createDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K12",
  title: "libvirt shrinks dom0 although dom0_mem is set as a fraction",
  symptom:
    "with dom0_mem=60% or -512M libvirt takes memory from dom0 for a guest; xl refuses the guest",
  affected: { libvirt: [">=7.0.0"] },
  fix: "none: write dom0_mem as a plain size",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_conf.c",
  fingerprint: [{ in: "reason", text: /"libvirt leaves dom0 alone" does not hold/ }],
  reproducer: {
    does: "boots with dom0_mem=60% and creates a guest larger than what is free",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 180,
    dom0: { mem: "60%" },
    body: async (t, { host, fact, step }) => {
      // Missing until somebody sets it.
      const argv = ["xenstore-read", "/local/domain/0/memory/target"];
      const target = async (): Promise<string> =>
        (await host.run(argv, { anyStatus: true })).stdout.trim();
      const free = /^free_memory *: (\d+)/m.exec((await host.xl(["info"])).stdout)?.[1] ?? "0";
      fact("free_memory_mib", free);
      const before = await target();
      const created = await step("create", () =>
        createDomain(t, host, { name: "k12", type: "pv", memoryMiB: Number(free) + 128 }),
      );
      const tried = /Failed to balloon domain0/.exec(created.stderr)?.[0];
      t.equal(tried ?? (await target()), before, "libvirt leaves dom0 alone");
    },
  },
});
