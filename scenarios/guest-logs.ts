import {
  answer,
  createDomain,
  scenario,
  type GuestDisk,
  type RawDomainOptions,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

const LIBXL = "/var/log/libvirt/libxl";
const DRIVER = `${LIBXL}/libxl-driver.log`;
const XEN = "/var/log/xen";
const HOTPLUG = `${XEN}/xen-hotplug.log`;
const CONSOLES = `${XEN}/console`;
/** Nova's own is the first on the page; there is no Nova here. */
const NOVA = "/var/log/nova/nova-compute.log";

/**
 * The logs of OpenStack's page for a guest, by its name: where the page says, then where else a
 * host may have it. xenconsoled appends `.log`.
 */
const logsOf = (name: string, domid: string): Readonly<Record<string, readonly string[]>> => ({
  driver: [DRIVER],
  "device model": [`${XEN}/qemu-dm-${name}.log`],
  hotplug: [HOTPLUG],
  "guest console": [`${CONSOLES}/guest-${name}`, `${CONSOLES}/guest-${name}.log`],
  // Not on the page: libvirt 3.0.0 and newer, and what pygrub says.
  domain: [`${LIBXL}/${name}.log`],
  bootloader: [`${XEN}/bootloader.${domid}.log`],
  "host console": [`${CONSOLES}/hypervisor.log`],
});

async function exists(host: ScenarioHost, path: string): Promise<boolean> {
  return (await host.run(["test", "-e", path], { anyStatus: true })).exitCode === 0;
}

/** The first of the places that is there. */
async function whereIs(host: ScenarioHost, places: readonly string[]): Promise<string | undefined> {
  for (const place of places) if (await exists(host, place)) return place;
  return undefined;
}

async function textOf(host: ScenarioHost, path: string): Promise<string> {
  return (await host.run(["cat", path], { anyStatus: true })).stdout;
}

const NO_BRIDGE = "nobridge";
const LONG_NAME = "longer-than-linux-takes";

/** Starts that fail, and the log that tells why; the page's reader looks there. */
const FAILURES: readonly {
  name: string;
  what: string;
  options: (raw: string) => Omit<RawDomainOptions, "name">;
  log: string;
  says: RegExp;
}[] = [
  {
    name: "no-disk",
    what: "its disk is not there",
    options: () => ({
      type: "pv",
      disks: [{ source: "/nowhere", driver: "phy", format: "raw", target: "xvda" }],
    }),
    log: DRIVER,
    says: /failed to stat: \/nowhere: No such file or directory/,
  },
  {
    name: "not-qcow2",
    what: "its disk has another format",
    // QEMU of a PV guest does not mind until the guest asks for its disk.
    options: (source) => ({
      type: "hvm",
      disks: [{ source, driver: "qemu", format: "qcow2", target: "hda" }],
    }),
    log: `${XEN}/qemu-dm-not-qcow2.log`,
    says: /Image is not in qcow2 format/,
  },
  {
    name: "no-bridge",
    what: "its bridge is not there",
    // A hotplug script's own words go to syslog, and to libxl by xenstore.
    options: () => ({ type: "pv", nics: [{ bridge: NO_BRIDGE }] }),
    log: DRIVER,
    says: new RegExp(`script: Could not find bridge device ${NO_BRIDGE}`),
  },
  {
    name: "long-name",
    what: "its card's name is too long",
    options: () => ({
      type: "pv",
      nics: [{}],
      edit: (xml) => xml.replace("</interface>", `<target dev="${LONG_NAME}"/></interface>`),
    }),
    log: HOTPLUG,
    says: new RegExp(`argument "${LONG_NAME}" is wrong: "name" not a valid ifname`),
  },
];

export default scenario(
  {
    title: "Each log of Xen and libvirt on OpenStack's page is there and tells what it is for",
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
    // On a host that lasts an earlier guest of that name has left its own.
    const earlier = new Map<string, number>();
    for (const path of Object.values(logsOf(name, "")).flat()) {
      earlier.set(path, (await textOf(host, path)).length);
    }
    const guest = await step("create", () =>
      host.start({ type: "pv", name, disks, fromDisk: true, bootloader: "pygrub" }),
    );
    const report = await step("guest boots", () => guest.report());
    t.equal(report.guestType, "PV", "the guest boots by pygrub");
    const domid = (await host.virsh(["domid", name])).stdout.trim();
    const pidPath = `/local/domain/${domid}/image/device-model-pid`;
    const pid = (await host.run(["xenstore-read", pidPath])).stdout.trim();
    await step("destroy", () => guest.destroy());
    // libxl does not wait for QEMU's last words.
    await host.run(["tail", `--pid=${pid}`, "--follow", "/dev/null"]);

    fact("nova_compute_log", (await exists(host, NOVA)) ? "there" : "none: no Nova runs here");
    const elsewhere: string[] = [];
    const said: Record<string, string> = {};
    for (const [what, places] of Object.entries(logsOf(name, domid))) {
      const found = await whereIs(host, places);
      t.ok(found, `${what}: ${places.join(" or ")} is there`);
      if (found !== places[0]) elsewhere.push(found === undefined ? `${what} (nowhere)` : what);
      if (found === undefined) continue;
      const text = await textOf(host, found);
      // Of Xen's own words a host has long had the first.
      said[what] = what === "host console" ? text : text.slice(earlier.get(found) ?? 0);
    }
    observe(
      elsewhere.length > 0 ? `elsewhere: ${elsewhere.join(", ")}` : "all where the page says",
    );
    t.match(said["device model"], /terminating on signal/, "the device model's log has its end");
    t.match(said["guest console"], /XENLOOP ready/, "the guest's console has its words");
    t.match(said["host console"], /\(XEN\)/, "and the host's console those of Xen");
    t.match(said["domain"], /Domain start/, "the domain's log has what libxl was asked for");
    const parsed = /to parse \/boot\/grub\/grub\.cfg/;
    t.match(said["bootloader"], parsed, "and the boot loader's what it read");
    t.match(
      (await host.xl(["dmesg"])).stdout,
      /loglvl=all guest_loglvl=all/,
      "Xen says everything",
    );

    for (const { name, what, options, log, says } of FAILURES) {
      const before = (await textOf(host, log)).length;
      const refused = await step(`${name}`, () =>
        createDomain(t, host, { name, ...options(data.path) }),
      );
      fact(`refusal_${name}`, answer(refused));
      t.not(refused.exitCode, 0, `${what}: libvirt does not start the guest`);
      t.match((await textOf(host, log)).slice(before), says, `${what}: ${log} tells`);
    }
    const isNamed = (await textOf(host, HOTPLUG)).includes(NO_BRIDGE);
    fact("missing_bridge_in_hotplug_log", isNamed ? "named" : "not named");
  },
);
