import { createdDomain, knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K71",
  title: "a guest that the destination of a migration refuses is called paused, and runs",
  symptom:
    "virsh domstate says paused, xl list says running; the next migration leaves the guest paused on its new host",
  affected: { libvirt: [">=4.8.0 <11.3.0"] },
  fix: "none; xl pause and then virsh resume set it right: virsh resume alone fails, as Xen has nothing to resume. libvirt's confirm phase resumes a guest that was never suspended, and takes Xen's refusal for a guest that does not run",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_migration.c",
  fingerprint: [{ in: "reason", text: /libvirt says that the guest runs, as Xen does/ }],
  reproducer: {
    does: "migrates a PV guest with --p2p to its own host, which refuses it, and asks for its state",
    predicted: {
      "debian-11": "happens",
      "debian-12": "happens",
      "debian-13": "happens",
      "debian-sid": "happens",
    },
    corrected: { "debian-13": "absent", "debian-sid": "absent" },
    correction:
      "with libvirt 11.3 and 12.8 on Xen 4.20 the guest is called running; which of the two mended it is not known",
    deadline: 120,
    body: async (t, { host, step }) => {
      await step("create", () => createdDomain(t, host, { name: "k71", type: "pv", run: true }));
      const asked = await step("migrate", () =>
        host.virsh(["migrate", "--live", "--p2p", "k71", "xen+tcp://127.0.0.1/system"], {
          anyStatus: true,
        }),
      );
      t.not(asked.exitCode, 0, "it is refused");
      const { stdout } = await host.xl(["list", "k71"]);
      t.notMatch(stdout, /k71 +\d+ +\d+ +\d+ +-*p/, "Xen has not paused it");
      const state = (await host.virsh(["domstate", "k71"])).stdout.trim();
      t.equal(state, "running", "libvirt says that the guest runs, as Xen does");
    },
  },
});
