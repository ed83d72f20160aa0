import { knownIssue, migratesDespite, rename } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K17",
  title: "migration is refused when the destination's name is localhost",
  symptom: "hostname on destination resolved to localhost, but migration requires an FQDN",
  affected: {},
  fix: "configuration: give the destination a name of its own, or use --migrateuri",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_migration.c",
  fingerprint: [{ in: "reason", text: /hostname on destination resolved to localhost/ }],
  reproducer: {
    does: "calls the second host localhost and migrates a PVH guest there with --p2p",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 180,
    needs: { hosts: 2, guestTypes: ["pvh"] },
    body: (t, context) =>
      migratesDespite(t, context, {
        name: "k17",
        spoil: (b) => rename(b, "localhost"),
        refusal: /resolved to localhost/,
        holds: "the destination's name is good enough",
      }),
  },
});
