import { knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k30.qcow2";

export default knownIssue({
  id: "K30",
  title: "a qcow2 image without type= is attached as raw, and nobody says so",
  symptom: "the guest sees the bytes of the qcow2 file as its disk",
  affected: {},
  fix: "none, by design: write <driver name='qemu' type='qcow2'/>",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_domain.c",
  fingerprint: [
    { in: "reason", text: /"the guest sees the size of the image's content" does not hold/ },
  ],
  reproducer: {
    does: "starts a PV guest with a qcow2 image of 64 MiB and <driver name='qemu'/>, and asks the guest for the size of its disk",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 180,
    body: async (t, { host, fact, step }) => {
      await host.run(["qemu-img", "create", "-f", "qcow2", image, "64M"]);
      const disk = { source: image, driver: "qemu", target: "xvda" } as const;
      const guest = await step("start", () => host.start({ type: "pv", disks: [disk] }));
      const [seen] = (await step("boot", () => guest.report())).disks;
      fact("disk_sectors", String(seen?.sectors));
      t.equal(seen?.sectors, (64 << 20) / 512, "the guest sees the size of the image's content");
    },
  },
});
