import { answer, pygrubDisk, createDomain, knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k11.img";

export default knownIssue({
  id: "K11",
  title: "<bootloader>/usr/bin/pygrub</bootloader> is not there any more",
  symptom: "the bootloader fails to start: libvirt documents a path that Xen 4.19 dropped",
  affected: { xen: [">=4.19"] },
  fix: "write <bootloader>pygrub</bootloader>, without a path",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=1fa104ee7a",
  fingerprint: [
    { in: "reason", text: /"\/usr\/bin\/pygrub boots a guest" does not hold/ },
    { in: "libxl", text: /bootloader/ },
  ],
  reproducer: {
    does: "boots a PV guest by <bootloader>/usr/bin/pygrub</bootloader>",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 240,
    body: async (t, { host, step }) => {
      await step("make the disk", () => pygrubDisk(host, image, 8));
      const disk = { source: image, target: "xvda" };
      const created = await step("create", () =>
        createDomain(t, host, {
          name: "k11",
          type: "pv",
          disks: [disk],
          fromDisk: true,
          bootloader: "/usr/bin/pygrub",
        }),
      );
      t.match(answer(created), /created from/, "/usr/bin/pygrub boots a guest");
    },
  },
});
