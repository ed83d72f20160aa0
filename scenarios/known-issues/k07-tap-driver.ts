import { knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k07.img";

export default knownIssue({
  id: "K07",
  title: "disk driver tap has no backend between Xen 4.13 and 4.18",
  symptom: "no suitable backend for disk xvda; backend tap unsuitable because blktap not available",
  affected: { xen: [">=4.13 <4.19"] },
  fix: "Xen 4.19 brings a tap backend again; before it leave the driver out, or say name='qemu'",
  source:
    "https://xenbits.xen.org/gitweb/?p=xen.git;a=blob;f=tools/libs/light/libxl_device.c;hb=RELEASE-4.17.5",
  // The log alone is not enough: it also holds what a scenario provoked and was right about.
  fingerprint: [
    { in: "libxl", text: /no suitable backend for disk xvda/ },
    { in: "reason", text: /libxenlight failed to create new domain/ },
  ],
  reproducer: {
    does: "starts a PV guest whose disk has <driver name='tap' type='raw'/>",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
    },
    deadline: 120,
    needs: { xen: "<4.19" },
    body: async (t, { host, step }) => {
      await host.run(["truncate", "--size=16M", image]);
      const disk = { source: image, driver: "tap", format: "raw", target: "xvda" } as const;
      const guest = await step("start", () => host.start({ type: "pv", disks: [disk] }));
      t.equal(await guest.state(), "running", "the guest runs");
    },
  },
});
