import { DEBIAN_DISK, scenario } from "../harness/scenario/index.ts";

const PV = { type: "pv", bootloader: "pygrub" } as const;

/** An initramfs of the distribution is unpacked, and systemd starts; on emulated processors. */
const BOOT_MS = 300_000;

export default scenario(
  {
    title: "A Debian with systemd boots from its disk, lets people log in, and shuts down",
    tags: ["one-host", "boot", "lifecycle"],
    needs: { guestTypes: ["pv"], debianGuest: true },
    deadline: 480,
    predicted: [{ outcome: "PV boots, nothing failed, a prompt, shut down by itself" }],
  },
  async (t, { host, fact, step, observe }) => {
    const disk = { source: DEBIAN_DISK, target: "xvda", format: "raw", driver: "qemu" } as const;
    const guest = await step("create", () =>
      host.start({ ...PV, memoryMiB: 640, fromDisk: true, disks: [disk], nics: [{}] }),
    );
    const report = await step("guest boots", () => guest.report(BOOT_MS));
    fact("guest_kernel", report.kernel);
    fact("systemd", report.systemd);
    t.same(report.failedUnits, [], "every unit of its boot is up");
    t.ok(
      report.disks.some(({ name }) => name === "xvda"),
      "its root is Xen's block device",
    );
    t.ok(report.nics.length > 0, "it has a network card");
    const prompt = /^\S+ login: /m.test(guest.consoleText);
    t.ok(prompt, "its console asks who logs in");

    await step("shutdown", () => host.virsh(["shutdown", guest.name]));
    const end = await step("end", () => guest.end());
    fact("event", end);
    const failed = report.failedUnits.length === 0 ? "nothing failed" : "units failed";
    const ended = /shut/i.test(end) ? "shut down by itself" : end;
    observe(`${report.guestType} boots, ${failed}, ${prompt ? "a prompt" : "no prompt"}, ${ended}`);
  },
);
