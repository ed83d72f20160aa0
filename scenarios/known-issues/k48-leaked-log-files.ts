import { createdDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K48",
  title: "libvirtd runs out of file descriptors after many guests",
  symptom: "too many open files: each domain's log stays open",
  affected: { libvirt: [">=3.0.0 <4.5.0"] },
  fix: "libvirt 4.5.0 (67c56f6e6)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/67c56f6e6",
  fingerprint: [{ in: "reason", text: /"libvirtd has closed the log of the guest" does not hold/ }],
  reproducer: {
    does: "creates and destroys a PV guest and looks at libvirtd's open files",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      await step("create", () => createdDomain(t, host, { name: "k48", type: "pv" }));
      const open = async (): Promise<number> => {
        const { stdout } = await host.run(["sh", "-c", "ls -l /proc/$(pidof libvirtd)/fd"]);
        return stdout.split("\n").filter((line) => line.endsWith("libxl/k48.log")).length;
      };
      t.ok((await open()) > 0, "libvirtd has the log of a guest open");
      await step("destroy", () => host.virsh(["destroy", "k48"]));
      t.equal(await open(), 0, "libvirtd has closed the log of the guest");
    },
  },
});
