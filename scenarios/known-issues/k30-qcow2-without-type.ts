import { createdDomain, knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k30.qcow2";

export default knownIssue({
  id: "K30",
  title: "a qcow2 image without type= is attached as raw, and nobody says so",
  symptom: "the guest sees the bytes of the qcow2 file as its disk",
  affected: {},
  fix: "none, by design: write <driver name='qemu' type='qcow2'/>",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_domain.c",
  fingerprint: [{ in: "reason", text: /"the image is attached as qcow2" does not hold/ }],
  reproducer: {
    does: "creates a PV guest with a qcow2 image and <driver name='qemu'/>, and looks at what its backend serves",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 180,
    body: async (t, { host, step }) => {
      await host.run(["qemu-img", "create", "-f", "qcow2", image, "64M"]);
      const disk = { source: image, driver: "qemu", target: "xvda" } as const;
      await step("create", () =>
        createdDomain(t, host, { name: "k30", type: "pv", disks: [disk] }),
      );
      const domid = (await host.virsh(["domid", "k30"])).stdout.trim();
      const path = `/local/domain/0/backend/qdisk/${domid}/51712/params`;
      const served = (await host.run(["xenstore-read", path])).stdout.trim();
      t.equal(served, `qcow2:${image}`, "the image is attached as qcow2");
    },
  },
});
