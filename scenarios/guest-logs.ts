import {
  answer,
  createDomain,
  scenario,
  type GuestDisk,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

const LIBXL = "/var/log/libvirt/libxl";
const XEN = "/var/log/xen";
const CONSOLES = `${XEN}/console`;

/**
 * The logs of OpenStack's page for a guest, by its name; what the page says first. Only the
 * console's is elsewhere: xenconsoled appends `.log`.
 */
const logsOf = (
  name: string,
  domid: string,
): Readonly<Record<string, [page: string, is?: string]>> => ({
  driver: [`${LIBXL}/libxl-driver.log`],
  "device model": [`${XEN}/qemu-dm-${name}.log`],
  hotplug: [`${XEN}/xen-hotplug.log`],
  "guest console": [`${CONSOLES}/guest-${name}`, `${CONSOLES}/guest-${name}.log`],
  // Not on the page: libvirt 3.0.0 and newer, and what pygrub says.
  domain: [`${LIBXL}/${name}.log`],
  bootloader: [`${XEN}/bootloader.${domid}.log`],
  "host console": [`${CONSOLES}/hypervisor.log`],
});

async function exists(host: ScenarioHost, path: string): Promise<boolean> {
  return (await host.run(["test", "-e", path], { anyStatus: true })).exitCode === 0;
}

async function textOf(host: ScenarioHost, path: string): Promise<string> {
  return (await host.run(["cat", path], { anyStatus: true })).stdout;
}

/** Starts that fail, and the log that tells why; the page's reader looks there. */
const FAILURES: readonly {
  name: string;
  what: string;
  type: "pv" | "hvm";
  disk: (raw: string) => GuestDisk;
  log: string;
  says: RegExp;
}[] = [
  {
    name: "no-disk",
    what: "its disk is not there",
    type: "pv",
    disk: () => ({ source: "/nowhere", driver: "phy", format: "raw", target: "xvda" }),
    log: `${LIBXL}/libxl-driver.log`,
    says: /failed to stat: \/nowhere: No such file or directory/,
  },
  {
    name: "not-qcow2",
    what: "its disk has another format",
    // QEMU of a PV guest does not mind until the guest asks for its disk.
    type: "hvm",
    disk: (source) => ({ source, driver: "qemu", format: "qcow2", target: "hda" }),
    log: `${XEN}/qemu-dm-not-qcow2.log`,
    says: /Image is not in qcow2 format/,
  },
];

export default scenario(
  {
    title: "Each log that OpenStack's page names is there and tells what it is for",
    tags: ["one-host", "logs"],
    needs: { guestTypes: ["pv", "hvm"] },
    deadline: 300,
    predicted: [{ outcome: "elsewhere: guest console", promised: "all where the page says" }],
  },
  async (t, { host, fact, step, observe }) => {
    const boot = await step("make disks", () => host.bootDisk());
    const data = await host.disk();
    const name = "logs";
    const disks: GuestDisk[] = [
      { source: boot.path, driver: "phy", format: "raw", target: "xvda" },
      { source: data.path, driver: "qemu", format: "raw", target: "xvdb" },
    ];
    const guest = await step("create", () =>
      host.start({ type: "pv", name, disks, fromDisk: true, bootloader: "pygrub" }),
    );
    const report = await step("guest boots", () => guest.report());
    t.equal(report.guestType, "PV", "the guest boots by pygrub");
    const domid = (await host.virsh(["domid", name])).stdout.trim();
    await step("destroy", () => guest.destroy());

    const elsewhere: string[] = [];
    for (const [what, [page, is = page]] of Object.entries(logsOf(name, domid))) {
      t.ok(await exists(host, is), `${what}: ${is} is there`);
      if (is === page) continue;
      elsewhere.push(what);
      t.notOk(await exists(host, page), `${what}: ${page} is not, whatever the page says`);
    }
    observe(`elsewhere: ${elsewhere.join(", ")}`);
    const said = async (what: string): Promise<string> => {
      const [page, is = page] = logsOf(name, domid)[what]!;
      return textOf(host, is);
    };
    t.match(await said("guest console"), /XENLOOP ready/, "the guest's console has its words");
    t.match(await said("host console"), /\(XEN\)/, "and the host's console those of Xen");
    t.match(await said("domain"), /Domain start/, "the domain's log has what libxl was asked for");
    t.match(
      (await host.xl(["dmesg"])).stdout,
      /loglvl=all guest_loglvl=all/,
      "Xen says everything",
    );

    for (const { name, what, type, disk, log, says } of FAILURES) {
      const before = (await textOf(host, log)).length;
      const refused = await step(`${name}`, () =>
        createDomain(t, host, { name, type, disks: [disk(data.path)] }),
      );
      fact(`refusal_${name}`, answer(refused));
      t.not(refused.exitCode, 0, `${what}: libvirt does not start the guest`);
      t.match((await textOf(host, log)).slice(before), says, `${what}: ${log} tells`);
    }
  },
);
