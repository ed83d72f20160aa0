import {
  answer,
  knownIssue,
  migrateArgv,
  modeOptions,
  type ScenarioHost,
} from "../../harness/scenario/index.ts";

const LINK_KIB_PER_SECOND = 2048;
/** Some of its memory is on the way by then, and most is not. */
const SENT_KIB = 4096;
const ENDS_WITHIN_MS = 60_000;

export default knownIssue({
  id: "K78",
  title: "a tunnelled migration of a guest that dies on the way never ends",
  symptom:
    "virsh migrate --p2p --tunnelled prints nothing and stays; the source's libxl-driver.log has `Save failed`, libvirt goes on to call the guest running, and on both hosts a thread of libvirtd reads from a socket",
  affected: {},
  fix: "none known; systemctl restart libvirtd on both hosts. Without --tunnelled virsh says that the migration failed",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_migration.c",
  fingerprint: [
    { in: "reason", text: /migrate .*--tunnelled .*does not end within/ },
    { in: "libxl", text: /Save failed/ },
  ],
  reproducer: {
    does: "migrates a PVH guest with --p2p --tunnelled over a slow link and destroys it by xl meanwhile",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    deadline: 240,
    needs: { hosts: 2, guestTypes: ["pvh"] },
    body: async (t, { hosts, wire, step }) => {
      const [a, b] = hosts as [ScenarioHost, ScenarioHost];
      const guest = await step("create", () => a.startWorkload({ type: "pvh" }));
      await step("guest ticks", () => guest.tick(2));
      await wire.limit(LINK_KIB_PER_SECOND);
      const argv = migrateArgv(guest.name, b, await modeOptions("tunnelled", b));
      const over = new AbortController();
      const carried = wire.carries(a, SENT_KIB, over.signal).catch(() => undefined);
      const asked = a.virsh(argv, { anyStatus: true, timeoutMs: ENDS_WITHIN_MS });
      await step("memory flows", () => Promise.race([carried, asked]));
      over.abort();
      await step("destroy", () => a.xl(["destroy", guest.name]));
      const said = await step("migrate", () => asked);
      t.not(said.exitCode, 0, `it fails: ${answer(said)}`);
    },
  },
});
