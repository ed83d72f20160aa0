import { createdDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K52",
  title: "no guest of libvirt starts with Xen 4.10-rc",
  symptom: "the guest has no grant frames",
  affected: { xen: [">=4.10~rc <4.10.0"] },
  fix: "Xen 4.10.0 (ec3cf54fd2)",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=ec3cf54fd2",
  fingerprint: [{ in: "reason", text: /"the guest has grant frames" does not hold/ }],
  reproducer: {
    does: "creates a PV guest and reads how many grant frames it may have",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      await step("create", () => createdDomain(t, host, { name: "k52", type: "pv" }));
      const domid = (await host.virsh(["domid", "k52"])).stdout.trim();
      await host.xl(["debug-keys", "g"]);
      const { stdout } = await host.xl(["dmesg"]);
      const table = new RegExp(`grant-table for remote d${domid}\\b[^]*?frames \\((\\d+) max\\)`);
      const frames = Number(table.exec(stdout)?.[1] ?? 0);
      t.ok(frames > 0, "the guest has grant frames");
    },
  },
});
