import { answer, createdDomain, knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k63.img";

export default knownIssue({
  id: "K63",
  title: "the disk of a running guest cannot be resized",
  symptom: "virsh blockresize: this function is not supported by the connection driver",
  affected: {},
  fix: "none: detach, resize and attach the disk",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_driver.c",
  fingerprint: [
    { in: "reason", text: /not supported by the connection driver: virDomainBlockResize/ },
  ],
  reproducer: {
    does: "runs virsh blockresize on a PV guest's disk",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      await host.run(["truncate", "--size=16M", image]);
      await step("create", () =>
        createdDomain(t, host, {
          name: "k63",
          type: "pv",
          disks: [{ source: image, target: "xvda" }],
        }),
      );
      const asked = await step("ask", () =>
        host.virsh(["blockresize", "k63", "xvda", "32M"], { anyStatus: true }),
      );
      t.notMatch(answer(asked), /not supported by the connection driver/, "libvirt resizes a disk");
    },
  },
});
