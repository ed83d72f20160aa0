import { createDomain, knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k25.qcow2";
/** What timeout(1) exits with. */
const TIMED_OUT = 124;

export default knownIssue({
  id: "K25",
  title: "xl devd crashes when it starts a device model",
  symptom: "segmentation fault in device_model_spawn_outcome",
  affected: { xen: ["<4.17.4", ">=4.18.0 <4.18.1"] },
  fix: "Xen 4.19.0, 4.18.1, 4.17.4 (d4f3d35f04)",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=d4f3d35f04",
  fingerprint: [{ in: "dmesg", text: /xl\[PID\]: segfault/ }],
  reproducer: {
    does: "runs xl devd in dom0 and creates a PV guest with a qcow2 disk",
    predicted: {
      "debian-11": "happens",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 240,
    body: async (t, { host, step }) => {
      await host.run(["qemu-img", "create", "-f", "qcow2", image, "16M"]);
      const disk = { source: image, driver: "qemu", format: "qcow2", target: "xvda" } as const;
      const devd = host.run(["timeout", "60", "xl", "devd", "-F"], {
        anyStatus: true,
        timeoutMs: 120_000,
      });
      // libvirt and xl devd are in one domain here and both serve the disk: where the second one is
      // refused there is no guest, which is not what this is about.
      await step("create", () => createDomain(t, host, { name: "k25", type: "pv", disks: [disk] }));
      const { exitCode } = await step("wait for xl devd", () => devd);
      // It serves cards that nobody asked it for, and leaves them in xenstore when it is ended.
      await host.run(["xenstore-rm", "/local/domain/0/backend/qnic"], { anyStatus: true });
      t.equal(exitCode, TIMED_OUT, "xl devd lives until it is ended");
    },
  },
});
