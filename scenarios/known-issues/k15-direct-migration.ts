import { answer, createDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K15",
  title: "migration as Nova 14 to 22 asks for it is refused",
  symptom: "argument unsupported: direct migration is not supported by the source host",
  affected: {},
  fix: "none: migrate with --p2p, which Nova does not do for Xen since Newton (a48b6146af)",
  source: "https://opendev.org/openstack/nova/commit/a48b6146af",
  fingerprint: [{ in: "reason", text: /direct migration is not supported by the source host/ }],
  reproducer: {
    does: "runs virsh migrate --live --direct, without --p2p, on a PV guest",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 120,
    body: async (t, { host, step }) => {
      const guest = { name: "k15", type: "pv" } as const;
      await step("create", () => createDomain(t, host, guest));
      const target = "xenmigr://192.0.2.1/system";
      const asked = await step("migrate", () =>
        host.virsh(["migrate", "--live", "--direct", guest.name, target], { anyStatus: true }),
      );
      t.notMatch(answer(asked), /not supported/, "the source host can migrate directly");
    },
  },
});
