import { createdDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K43",
  title: "libvirt balloons dom0 by far more than a guest needs",
  symptom: "dom0 has no memory left",
  affected: { libvirt: ["<3.1.0"], xen: [">=4.8"] },
  fix: "libvirt 3.1.0 (f86a7a837)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/f86a7a837",
  fingerprint: [
    { in: "reason", text: /"dom0 gives what the guest needs, and no more" does not hold/ },
  ],
  reproducer: {
    does: "boots without dom0_mem, creates a guest of 256 MiB, and looks at what dom0 gave",
    predicted: { "debian-11": "absent", "debian-13": "absent", "debian-sid": "absent" },
    notOn: { "debian-12": "its libvirt gives nothing at all: K01" },
    deadline: 180,
    dom0: { mem: "" },
    body: async (t, { host, fact, step }) => {
      const memoryMiB = async (): Promise<number> =>
        Number(/^Domain-0 +0 +(\d+)/m.exec((await host.xl(["list"])).stdout)?.[1]);
      const before = await memoryMiB();
      await step("create", () =>
        createdDomain(t, host, { name: "k43", type: "pv", memoryMiB: 256 }),
      );
      const givenMiB = before - (await memoryMiB());
      fact("given_mib", String(givenMiB));
      t.ok(givenMiB > 0 && givenMiB < 512, "dom0 gives what the guest needs, and no more");
    },
  },
});
