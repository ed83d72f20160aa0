import { knownIssue, migratesDespite, resolveOwnName } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K18",
  title: "the destination of a migration listens on 127.0.1.1",
  symptom:
    "connection refused, or the wrong host: Debian's /etc/hosts maps a host's own name to 127.0.1.1",
  affected: {},
  fix: "configuration: virsh migrate --migrateuri tcp://ADDRESS, or a clean /etc/hosts",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_migration.c",
  fingerprint: [
    { in: "reason", text: /unable to connect to server at '[^']+:491\d\d': Connection refused/ },
  ],
  reproducer: {
    does: "has the second host resolve its name to 127.0.1.1 and migrates a PVH guest there with --p2p",
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
        name: "k18",
        spoil: (b) => resolveOwnName(b, "127.0.1.1"),
        refusal: /Connection refused/,
        holds: "the destination can be reached by its name",
      }),
  },
});
