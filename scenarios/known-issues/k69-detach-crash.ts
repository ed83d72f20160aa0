import { answer, knownIssue } from "../../harness/scenario/index.ts";

const image = "/var/tmp/k69.img";

export default knownIssue({
  id: "K69",
  title: "libvirtd crashes after a disk is detached from a PV guest",
  symptom: "core dump of libvirtd, as openQA saw on SLES 15 SP4 to SP6 (bsc#1221917)",
  affected: {},
  fix: "unknown",
  source: "https://bugzilla.suse.com/show_bug.cgi?id=1221917",
  fingerprint: [
    { in: "reason", text: /end of file|"libvirtd survives" does not hold/i },
    { in: "dmesg", text: /(?:libvirtd|rpc-worker)\[PID\]: segfault/ },
  ],
  reproducer: {
    does: "attaches a disk to a running PV guest and detaches it, twice, then destroys the guest",
    predicted: {
      "debian-11": "absent",
      "debian-12": "absent",
      "debian-13": "absent",
      "debian-sid": "absent",
    },
    deadline: 300,
    body: async (t, { host, step }) => {
      await host.run(["truncate", "--size=16M", image]);
      const guest = await step("start", () => host.start({ type: "pv" }));
      await step("boot", () => guest.report());
      const options = { anyStatus: true, timeoutMs: 120_000 };
      for (let round = 0; round < 2; round += 1) {
        const disk = [guest.name, image, "xvdb"];
        const attached = await step("attach", () => host.virsh(["attach-disk", ...disk], options));
        t.match(answer(attached), /attached successfully/, "the disk is attached");
        const gone = [guest.name, "xvdb"];
        const detached = await step("detach", () => host.virsh(["detach-disk", ...gone], options));
        t.match(answer(detached), /detached successfully/, "the disk is detached");
      }
      const listed = await host.virsh(["list", "--name"], { anyStatus: true });
      t.match(answer(listed), guest.name, "libvirtd survives");
    },
  },
});
