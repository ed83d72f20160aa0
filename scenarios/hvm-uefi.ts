import { scenario, type ScenarioHost } from "../harness/scenario/index.ts";

const LOGS = "/var/log/libvirt/libxl";

/** libxl does not say which file. */
const NO_FIRMWARE = /failed to read BIOS file: No such file/;

/** What libxl has said, and what it said of the guest alone. */
async function said(host: ScenarioHost, guest: string): Promise<string> {
  const script = `cat ${LOGS}/libxl-driver.log ${LOGS}/"$1".log`;
  return (await host.run(["sh", "-c", script, "sh", guest], { anyStatus: true })).stdout;
}

export default scenario(
  {
    title: "An HVM guest that asks for UEFI does not get it where no package has the firmware",
    tags: ["one-host", "boot", "hvm"],
    needs: { guestTypes: ["hvm"] },
    deadline: 120,
    predicted: [
      { outcome: "refused: no firmware", promised: "HVM boots" },
      // It does not read the attribute.
      { libvirt: "<9", outcome: "started with seabios", promised: "HVM boots" },
    ],
  },
  async (t, { host, fact, step, observe }) => {
    const name = "hvm-uefi";
    const disk = await host.disk();
    const disks = [{ source: disk.path, target: "hda", driver: "qemu", format: "raw" }] as const;
    const started = await step("create", () =>
      host.start({ type: "hvm", name, firmware: "efi", fromDisk: true, disks }).catch(String),
    );
    if (typeof started !== "string") {
      const domid = (await host.virsh(["domid", name])).stdout.trim();
      const bios = await host.run(["xenstore-read", `/local/domain/${domid}/hvmloader/bios`]);
      return observe(`started with ${bios.stdout.trim()}`);
    }
    fact("refusal", started);
    const log = await said(host, name);
    t.match(log, NO_FIRMWARE, "libxl looked for the firmware");
    observe(NO_FIRMWARE.test(log) ? "refused: no firmware" : started);
  },
);
