import { answer, createDomain, knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k08.img";

export default knownIssue({
  id: "K08",
  title: "disk driver tap is taken since Xen 4.19, and fails as nothing serves it",
  symptom:
    "the guest is not created: libxl waits ten seconds for /local/domain/0/backend/vbd3 and gives up (rc -9), since Debian ships no tapback",
  affected: { xen: [">=4.19"] },
  fix: "none: leave the driver out, or say name='qemu'; or install tapback",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=6d7d8d2b3e",
  fingerprint: [
    { in: "reason", text: /failed to create new domain/ },
    { in: "libxl", text: /unable to add device with path \S*\/vbd3\/\S* - rc -9/ },
  ],
  reproducer: {
    does: "creates a PV guest whose disk has <driver name='tap' type='raw'/>",
    predicted: { "debian-13": "happens", "debian-sid": "happens" },
    notOn: {
      "debian-11": "Xen before 4.19 refuses such a disk: K07",
      "debian-12": "Xen before 4.19 refuses such a disk: K07",
    },
    deadline: 180,
    body: async (t, { host, step }) => {
      await host.run(["truncate", "--size=16M", image]);
      const disk = { source: image, driver: "tap", format: "raw", target: "xvda" } as const;
      const created = await step("create", () =>
        createDomain(t, host, { name: "k08", type: "pv", disks: [disk] }),
      );
      t.match(answer(created), /created from/, "a disk with driver tap has a backend");
    },
  },
});
