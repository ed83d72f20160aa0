import {
  answer,
  createdDomain,
  knownIssue,
  migrateArgv,
  type ScenarioHost,
} from "../../harness/scenario/index.ts";

const MIGRATE_MS = 120_000;
/** As Debian's installer writes it. */
const HOSTS = "127.0.0.1 localhost\n127.0.1.1 xen-b\n192.168.77.1 xen-a\n";

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
    body: async (t, { hosts, step }) => {
      const [a, b] = hosts as [ScenarioHost, ScenarioHost];
      await step("create", () => createdDomain(t, a, { name: "k18", type: "pvh", run: true }));
      await b.run(["tee", "/etc/hosts"], { input: HOSTS });
      t.teardown(() => b.virsh(["destroy", "k18"], { anyStatus: true }));
      const argv = migrateArgv("k18", b, { flags: ["--p2p"] });
      const asked = await step("migrate", () =>
        a.virsh(argv, { anyStatus: true, timeoutMs: MIGRATE_MS }),
      );
      const isNamed = t.notMatch(
        answer(asked),
        /Connection refused/,
        "the destination can be reached by its name",
      );
      if (isNamed) t.equal(asked.exitCode, 0, "and the guest migrates");
    },
  },
});
