import { answer, knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k44.img";

export default knownIssue({
  id: "K44",
  title: "a disk without <driver> cannot be detached",
  symptom: "unrecognized disk backend type: 0",
  affected: { libvirt: ["<3.1.0"] },
  fix: "libvirt 3.1.0 (bd1168101, 321a28c6a)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/bd1168101",
  fingerprint: [
    { in: "reason", text: /"the disk is detached" does not hold/ },
    { in: "libxl", text: /unrecognized disk backend type: 0/ },
  ],
  reproducer: {
    does: "detaches a disk without <driver> from a running PV guest",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 300,
    body: async (t, { host, step }) => {
      await host.run(["truncate", "--size=16M", image]);
      const disk = { source: image, target: "xvda" };
      const guest = await step("start", () => host.start({ type: "pv", disks: [disk] }));
      await step("boot", () => guest.report());
      const detached = await step("detach", () =>
        host.virsh(["detach-disk", guest.name, "xvda"], { anyStatus: true, timeoutMs: 120_000 }),
      );
      t.match(answer(detached), /detached successfully/, "the disk is detached");
    },
  },
});
