import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K62",
  title: "libvirt does not tell Xen's patch level",
  symptom:
    "virsh version says 4.17.0 whatever 4.17 it is, so a fix in 4.17.5 cannot be told from its absence",
  affected: {},
  fix: "none: ask xl info",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_conf.c",
  fingerprint: [{ in: "reason", text: /"libvirt tells the version that xl tells" does not hold/ }],
  reproducer: {
    does: "compares virsh version with xl info",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 60,
    body: async (t, { host }) => {
      const told = (await host.virsh(["version"])).stdout;
      const [, libvirt] = /Running hypervisor: Xen (\S+)/.exec(told) ?? [];
      const [, xen] =
        /^xen_version *: (\d+\.\d+\.\d+)/m.exec((await host.xl(["info"])).stdout) ?? [];
      t.ok(xen, "xl tells a version");
      t.equal(libvirt, xen, "libvirt tells the version that xl tells");
    },
  },
});
