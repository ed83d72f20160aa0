import {
  answer,
  convertImage,
  pygrubDisk,
  createDomain,
  knownIssue,
} from "../../harness/scenario/index.ts";

const raw = "/var/tmp/k31.img";
const image = "/var/tmp/k31.qcow2";

export default knownIssue({
  id: "K31",
  title: "pygrub cannot read a qcow2 image where dom0 has no QEMU of its own",
  symptom: "the bootloader finds no disk: qemu-system-xen is only recommended by Debian's packages",
  affected: {},
  fix: "install qemu-system-xen, and restart the service xen",
  source: "https://packages.debian.org/bookworm/xen-utils-4.17",
  fingerprint: [
    { in: "reason", text: /"pygrub reads a qcow2 image" does not hold/ },
    { in: "libxl", text: /failed to attach local disk for bootloader execution|bootloader/ },
  ],
  reproducer: {
    does: "ends dom0's own QEMU, which serves disks to dom0, and boots a guest from a qcow2 image by pygrub",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 240,
    body: async (t, { host, step }) => {
      await step("make the disk", () => pygrubDisk(host, raw, 8));
      await convertImage(host, { path: raw, format: "raw" }, { path: image, format: "qcow2" });
      await host.run(["sh", "-c", "kill $(cat /run/qemu-dom0.pid)"], { anyStatus: true });
      const disk = { source: image, driver: "qemu", format: "qcow2", target: "xvda" } as const;
      const created = await step("create", () =>
        createDomain(t, host, {
          name: "k31",
          type: "pv",
          disks: [disk],
          fromDisk: true,
          bootloader: "pygrub",
        }),
      );
      t.match(answer(created), /created from/, "pygrub reads a qcow2 image");
    },
  },
});
