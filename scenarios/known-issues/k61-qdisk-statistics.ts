import { answer, createdDomain, knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k61.qcow2";

export default knownIssue({
  id: "K61",
  title: "there are no statistics of a disk that QEMU serves",
  symptom: "virsh domblkstat: unsupported disk driver qemu",
  affected: {},
  fix: "none: leave the driver out of a raw disk, so that the kernel serves it",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_driver.c",
  fingerprint: [{ in: "reason", text: /unsupported disk driver qemu/ }],
  reproducer: {
    does: "asks for virsh domblkstat of a PV guest's qcow2 disk",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 180,
    body: async (t, { host, step }) => {
      await host.run(["qemu-img", "create", "-f", "qcow2", image, "16M"]);
      const disk = { source: image, driver: "qemu", format: "qcow2", target: "xvda" } as const;
      await step("create", () =>
        createdDomain(t, host, { name: "k61", type: "pv", disks: [disk] }),
      );
      const asked = await step("ask", () =>
        host.virsh(["domblkstat", "k61", "xvda"], { anyStatus: true }),
      );
      t.match(answer(asked), /rd_req/, "the disk has statistics");
    },
  },
});
