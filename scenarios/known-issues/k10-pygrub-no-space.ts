import { answer, pygrubDisk, createDomain, knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k10.img";

export default knownIssue({
  id: "K10",
  title: "pygrub runs out of space on a host whose dom0 is small",
  symptom: "[Errno 28] No space left on device; Error writing temporary copy of ramdisk",
  affected: { xen: ["<4.17.3"] },
  fix: "Xen 4.18.0, 4.17.3 (ad89640ad7): writes to /var/lib/xen instead of a tmpfs",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=ad89640ad7",
  fingerprint: [{ in: "bootloader", text: /Error writing temporary copy of (kernel|ramdisk)/ }],
  reproducer: {
    does: "gives /run the 40 MB that it has with a dom0 of 512 MB, and boots a guest with a ramdisk of 45 MB by pygrub",
    predicted: {
      "debian-11": "happens",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 240,
    body: async (t, { host, step }) => {
      await step("make the disk", () => pygrubDisk(host, image, 45));
      await host.run(["mount", "-o", "remount,size=40M", "/run"]);
      const disk = { source: image, target: "xvda" };
      const created = await step("create", () =>
        createDomain(t, host, {
          name: "k10",
          type: "pv",
          disks: [disk],
          fromDisk: true,
          bootloader: "pygrub",
        }),
      );
      t.match(answer(created), /created from/, "pygrub has room for a ramdisk of 45 MB");
    },
  },
});
