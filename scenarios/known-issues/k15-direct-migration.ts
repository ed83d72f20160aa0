import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K15",
  title: "migration as nova 14 to 22 asks for it is refused",
  symptom: "argument unsupported: direct migration is not supported by the source host",
  affected: {},
  fix: "none: migrate with --p2p, which nova does not do for Xen since Newton (a48b6146af)",
  source: "https://opendev.org/openstack/nova/commit/a48b6146af",
  fingerprint: [{ in: "reason", text: /direct migration is not supported by the source host/ }],
  reproducer: {
    does: "starts a PV guest and runs virsh migrate --live --direct, without --p2p",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      const guest = await step("start", () => host.start({ type: "pv" }));
      const target = "xenmigr://192.0.2.1/system";
      const asked = await step("migrate", () =>
        host.virsh(["migrate", "--live", "--direct", guest.name, target], { anyStatus: true }),
      );
      t.notMatch(asked.stderr, /not supported/, "the source host can migrate directly");
    },
  },
});
