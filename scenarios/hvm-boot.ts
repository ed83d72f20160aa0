import { scenario } from "../harness/scenario/index.ts";

export default scenario(
  {
    title: "An HVM guest boots by direct kernel and keeps running",
    tags: ["one-host", "smoke", "boot", "hvm"],
    needs: { guestTypes: ["hvm"] },
    deadline: 360,
    predicted: [{ outcome: "HVM" }],
  },
  async (t, { host, fact, step, observe }) => {
    const guest = await step("create", () => host.start({ type: "hvm", vcpus: 2 }));
    const report = await step("guest boots", () => guest.report());
    fact("guest_type", report.guestType);
    fact("guest_kernel", report.kernel);

    observe(report.guestType);
    t.equal(report.vcpus, 2, "it sees the vcpus it was given");
    t.ok(report.memoryKiB > 64 * 1024, "it sees the memory it was given");
    t.equal(await guest.state(), "running", "libvirt says it runs");
    const first = await step("guest ticks", () => guest.tick(2));
    t.ok(first >= 2, "its counter goes on");
  },
);
