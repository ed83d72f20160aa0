import { scenario } from "../harness/scenario/index.ts";

export default scenario(
  {
    title: "An HVM guest boots by direct kernel, with paravirtual drivers, and keeps running",
    tags: ["one-host", "smoke", "boot", "hvm"],
    needs: { guestTypes: ["hvm"] },
    deadline: 360,
    predicted: [{ outcome: "HVM, its disk by PV driver" }],
  },
  async (t, { host, fact, step, observe }) => {
    const disk = await host.disk();
    const disks = [{ source: disk.path, target: "hda", driver: "qemu", format: "raw" }] as const;
    const guest = await step("create", () => host.start({ type: "hvm", vcpus: 2, disks }));
    const report = await step("guest boots", () => guest.report());
    fact("guest_type", report.guestType);
    fact("guest_kernel", report.kernel);
    fact("guest_clocksource", report.clocksource);

    // PVHVM: nothing in the domain asks for it, the guest takes it.
    const names = report.disks.map(({ name }) => name).join(" ");
    const isPv = names === "xvda" && report.frontends.some((device) => device.startsWith("vbd-"));
    observe(`${report.guestType}, its disk by ${isPv ? "PV driver" : `another: ${names}`}`);
    t.equal(report.disks[0]?.sha256, disk.head, "it sees what is in the disk");
    t.equal(report.vcpus, 2, "the HVM guest sees the vcpus it was given");
    t.ok(report.memoryKiB > 64 * 1024, "it sees the memory it was given");
    t.equal(await guest.state(), "running", "libvirt says it runs");
    const first = await step("guest ticks", () => guest.tick(2));
    t.ok(first >= 2, "its counter goes on");
  },
);
