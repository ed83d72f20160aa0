import { scenario } from "../harness/scenario/index.ts";

export default scenario(
  {
    title: "A PVH guest boots by direct kernel and keeps running",
    tags: ["one-host", "smoke", "boot", "pvh"],
    needs: { guestTypes: ["pvh"] },
    deadline: 240,
    predicted: [{ outcome: "PVH" }],
  },
  async (t, { host, fact, step, observe }) => {
    // The kernel as the distribution packs it: libxl has to unpack it.
    const kernel = host.guestKernel;
    const guest = await step("create", () => host.start({ type: "pvh", kernel, vcpus: 2 }));
    const report = await step("guest boots", () => guest.report());
    fact("guest_type", report.guestType);
    fact("guest_kernel", report.kernel);

    observe(report.guestType);
    t.equal(report.vcpus, 2, "the PVH guest sees the vcpus it was given");
    t.ok(report.memoryKiB > 64 * 1024, "it sees the memory it was given");
    t.equal(await guest.state(), "running", "libvirt says it runs");
    const first = await step("guest ticks", () => guest.tick(2));
    t.ok(first >= 2, "its counter goes on");
  },
);
