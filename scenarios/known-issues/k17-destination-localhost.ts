import {
  answer,
  createdDomain,
  knownIssue,
  migrateArgv,
  type ScenarioHost,
} from "../../harness/scenario/index.ts";

const MIGRATE_MS = 120_000;

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
    body: async (t, { hosts, step }) => {
      const [a, b] = hosts as [ScenarioHost, ScenarioHost];
      await step("create", () => createdDomain(t, a, { name: "k17", type: "pvh", run: true }));
      await b.run(["hostname", "localhost"]);
      // libvirt 7.0 goes on with the name that its host had when it started.
      await b.run(["systemctl", "restart", "libvirtd.service"]);
      t.teardown(() => b.virsh(["destroy", "k17"], { anyStatus: true }));
      const argv = migrateArgv("k17", b, { flags: ["--p2p"] });
      const asked = await step("migrate", () =>
        a.virsh(argv, { anyStatus: true, timeoutMs: MIGRATE_MS }),
      );
      const isNamed = t.notMatch(
        answer(asked),
        /resolved to localhost/,
        "the destination's name is good enough",
      );
      if (isNamed) t.equal(asked.exitCode, 0, "and the guest migrates");
    },
  },
});
