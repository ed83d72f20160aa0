import { answer, createDomain, knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k05.vhd";

export default knownIssue({
  id: "K05",
  title: "a disk of type vpc is refused, although Xen supports VHD",
  symptom: "libxenlight does not support disk format vpc with disk driver qemu",
  affected: {},
  fix: "none, by design: write <driver name='qemu' type='vhd'/>",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_conf.c",
  fingerprint: [
    { in: "reason", text: /libxenlight does not support disk format vpc with disk driver qemu/ },
  ],
  reproducer: {
    does: "creates a PV guest with a VHD image that its XML calls type='vpc'",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      await host.run(["qemu-img", "create", "-f", "vpc", image, "16M"]);
      const disk = { source: image, driver: "qemu", format: "vpc", target: "xvda" } as const;
      const created = await step("create", () =>
        createDomain(t, host, { name: "k05", type: "pv", disks: [disk] }),
      );
      t.match(answer(created), /created from/, "libvirt takes the disk");
    },
  },
});
