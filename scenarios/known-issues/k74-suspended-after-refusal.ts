import {
  answer,
  detour,
  knownIssue,
  migrateArgv,
  settled,
  type ScenarioHost,
} from "../../harness/scenario/index.ts";

/** The state of the guest's processors ends the stream, and this begins it: HVM_FILE_MAGIC. */
const HVM_CONTEXT = String.raw`
def find(data):
    at = data.find(struct.pack("<I", 0x54381286))
    if at >= 0:
        return at, b"\0\0\0\0"
`;

const SETTLES_MS = 8_000;

export default knownIssue({
  id: "K74",
  title: "a guest whose destination cannot restore it stands still, and libvirt says that it runs",
  symptom:
    "virsh migrate: Migration failed. Domain is not running on destination host; on the source virsh domstate says running, xl list says suspended (s), and the guest never goes on; the destination's libxl-driver.log: Unable to restore HVM context",
  affected: { libvirt: [">=11.3.0"] },
  fix: "none known; Xen 4.20 to 4.17 or 4.14 does it each time. systemctl restart libvirtd, virsh dompmwakeup and virsh resume bring the guest back",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/libxl/libxl_migration.c",
  fingerprint: [
    {
      in: "reason",
      text: /Domain is not running on destination host|the guest runs on the source/,
    },
    { in: "libxl", text: /Unable to restore HVM context/ },
  ],
  reproducer: {
    does: "migrates a PVH guest with --p2p and damages the state of its processors on the way, as an older Xen finds that of a newer one",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 240,
    needs: { hosts: 2, guestTypes: ["pvh"] },
    body: async (t, { hosts, step }) => {
      const [a, b] = hosts as [ScenarioHost, ScenarioHost];
      const guest = await step("create", () => a.startWorkload({ type: "pvh" }));
      await step("guest ticks", () => guest.tick(2));
      const way = await step("detour", () => detour(a, b, HVM_CONTEXT));
      const argv = migrateArgv(guest.name, b, { flags: ["--p2p"], uri: way.uri });
      const asked = await step("migrate", () =>
        a.virsh(argv, { anyStatus: true, timeoutMs: 120_000 }),
      );
      t.not(asked.exitCode, 0, `it fails: ${answer(asked)}`);
      t.match(await way.passed, "changed", "the state of its processors is damaged");
      const found = await step("settle", () => settled(guest.name, hosts, SETTLES_MS));
      t.same(found.running, [a.hostname], `the guest runs on the source: ${answer(asked)}`);
    },
  },
});
