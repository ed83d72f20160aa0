import { answer, createDomain, knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k07.img";

export default knownIssue({
  id: "K07",
  title: "disk driver tap has no backend between Xen 4.13 and 4.18",
  symptom: "no suitable backend for disk xvda; backend tap unsuitable because blktap not available",
  affected: { xen: [">=4.13 <4.19"] },
  fix: "none before Xen 4.19: leave the driver out, or say name='qemu'",
  source:
    "https://xenbits.xen.org/gitweb/?p=xen.git;a=blob;f=tools/libs/light/libxl_device.c;hb=RELEASE-4.17.5",
  // The log alone is not enough: it also holds what a scenario provoked and was right about.
  fingerprint: [
    { in: "libxl", text: /no suitable backend for disk xvda/ },
    { in: "reason", text: /libxenlight failed to create new domain/ },
  ],
  reproducer: {
    does: "creates a PV guest whose disk has <driver name='tap' type='raw'/>",
    predicted: { "debian-11": "happens", "debian-12": "happens" },
    notOn: {
      "debian-13": "Xen 4.19 takes such a disk, and fails later: K08",
      "debian-sid": "Xen 4.19 takes such a disk, and fails later: K08",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      await host.run(["truncate", "--size=16M", image]);
      const disk = { source: image, driver: "tap", format: "raw", target: "xvda" } as const;
      const created = await step("create", () =>
        createDomain(t, host, { name: "k07", type: "pv", disks: [disk] }),
      );
      t.match(answer(created), /created from/, "a disk with driver tap has a backend");
    },
  },
});
