import {
  promisedType,
  scenario,
  type Properties,
  type ScenarioHost,
} from "../harness/scenario/index.ts";

/**
 * Xen's vif script gives an HVM guest's emulated card the name of Nova's, which has 14 letters,
 * with `-emu` behind it: three more than Linux takes. With the model netfront none is emulated.
 */
const HOTPLUG_LOG = "/var/log/xen/xen-hotplug.log";
const NAME_TOO_LONG = /argument "tap[0-9a-f]{8}-00-emu" is wrong: "name" not a valid ifname/;
/** SeaBIOS and GRUB read an HVM guest from an IDE disk word by word: minutes under emulation. */
const BOOT_MS = 600_000;

interface Mode {
  /** Spellings of one mode: Nova must make the same domain of each. */
  alike: Properties[];
  boots: Properties;
  /** What libvirt does not start though Nova asks it to. */
  refused?: Properties;
}

const MODES: Readonly<Record<string, Mode>> = {
  pv: {
    alike: [
      {},
      { vm_mode: "xen" },
      { vm_mode: "pv" },
      { vm_mode: "PV" },
      { hw_vm_mode: "xen" },
      { vm_mode: "hvm", hw_vm_mode: "xen" },
      { vm_mode: "xen", hypervisor_type: "xapi" },
      { hypervisor_type: "xen", architecture: "amd64" },
      { hw_disk_bus: "xen" },
    ],
    boots: {},
  },
  hvm: {
    alike: [
      { vm_mode: "hvm" },
      { vm_mode: "hv" },
      { vm_mode: "HVM" },
      { hw_vm_mode: "hvm", img_hv_type: "xen" },
      { vm_mode: "hvm", hypervisor_type: "XAPI", architecture: "x86_64" },
      { vm_mode: "hvm", hw_disk_bus: "ide" },
    ],
    boots: { vm_mode: "hvm", hw_vif_model: "netfront" },
    refused: { vm_mode: "hvm" },
  },
};

const REFUSED = "IMAGE_PROPERTY_INVALID";
const NOT_BUILT = "HARDWARE_UNSUPPORTED";
const ELSEWHERE = "not chosen";

/** Images that never become a guest of this host, and what stops each. */
const UNUSABLE: readonly (readonly [Properties, string])[] = [
  [{ vm_mode: "pvh" }, REFUSED],
  [{ vm_mode: "xenpvh" }, REFUSED],
  [{ vm_mode: "paravirt" }, REFUSED],
  [{ hypervisor_type: "xenapi" }, REFUSED],
  [{ hypervisor_type: "XenServer" }, REFUSED],
  [{ vm_mode: "nonsense", hw_vm_mode: "hvm" }, REFUSED],
  [{ vm_mode: "uml" }, ELSEWHERE],
  [{ vm_mode: "hvm", hypervisor_type: "kvm" }, ELSEWHERE],
  [{ hypervisor_type: "qemu" }, ELSEWHERE],
  [{ architecture: "aarch64" }, ELSEWHERE],
  [{ vm_mode: "hvm", hw_disk_bus: "virtio" }, NOT_BUILT],
  [{ vm_mode: "hvm", hw_vif_model: "virtio" }, NOT_BUILT],
];

async function whatStops(host: ScenarioHost, properties: Properties): Promise<string> {
  try {
    return (await host.nova(properties)).scheduling.chosen ? "nothing" : ELSEWHERE;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

const spelt = (properties: Properties): string =>
  Object.entries(properties)
    .map((pair) => pair.join("="))
    .join(" ") || "no property";

async function hotplugLog(host: ScenarioHost): Promise<string> {
  return (await host.run(["cat", HOTPLUG_LOG], { anyStatus: true })).stdout;
}

/**
 * Xen's vif script writes the MTU for the guest below a path that it takes from the card's name;
 * with Nova's name that is the path of no domain, and nobody removes it.
 */
async function removeStray(host: ScenarioHost): Promise<string> {
  const { stdout } = await host.run(["xenstore-list", "/local/domain"]);
  const stray = stdout.split("\n").filter((name) => name.startsWith("tap"));
  for (const name of stray) await host.run(["xenstore-rm", `/local/domain/${name}`]);
  return stray.join(" ");
}

export default scenario(
  {
    title: "An image becomes the guest that its properties ask for, as Nova 22 would make it",
    tags: ["one-host", "openstack"],
    needs: { guestTypes: ["pv", "hvm"], guestTypeOf: { image: { pv: "pv", hvm: "hvm" } } },
    deadline: 780,
    axes: { image: ["pv", "hvm", "unusable"] },
    predicted: [
      { axes: { image: "pv" }, outcome: "PV boots" },
      {
        axes: { image: "hvm" },
        outcome: "not started by libvirt; with netfront HVM boots",
        promised: "HVM boots",
      },
      { axes: { image: "unusable" }, outcome: "none becomes a guest" },
    ],
  },
  async (t, { host, axes, fact, step, observe }) => {
    const kind = axes["image"] ?? "";
    if (kind === "unusable") {
      const stopped: boolean[] = [];
      for (const [properties, predicted] of UNUSABLE) {
        const observed = await whatStops(host, properties);
        stopped.push(observed !== "nothing");
        t.equal(observed, predicted, `${spelt(properties)}: what stops it`);
      }
      return observe(stopped.every(Boolean) ? "none becomes a guest" : "one becomes a guest");
    }
    const { alike, boots, refused } = MODES[kind]!;
    const first = await step("ask the host", () => host.nova(alike[0]!));
    fact("unknown_modes", first.unknownModes.join(" "));
    for (const properties of alike) {
      const { scheduling, mode, xml } = await host.nova(properties);
      const { chosen, reason } = scheduling;
      t.ok(chosen, `${spelt(properties)}: the scheduler takes the host, ${reason}`);
      t.equal(mode, first.mode, `${spelt(properties)}: its mode`);
      t.equal(xml, first.xml, `${spelt(properties)}: the domain is the same`);
    }
    const outcomes: string[] = [];
    const stray: string[] = [];
    if (refused) {
      const contract = await host.nova(refused);
      const logged = (await hotplugLog(host)).length;
      const started = await step(`create ${spelt(refused)}`, () =>
        host.startAsNova(contract).catch(String),
      );
      t.type(started, "string", `${spelt(refused)}: libvirt does not start it`);
      const log = (await hotplugLog(host)).slice(logged);
      t.match(log, NAME_TOO_LONG, "the name of its emulated card is too long");
      stray.push(await removeStray(host));
      outcomes.push(typeof started === "string" ? "not started by libvirt" : "started");
    }
    const contract = await host.nova(boots);
    const guest = await step(`create ${spelt(boots)}`, () => host.startAsNova(contract));
    const report = await step(`boot ${spelt(boots)}`, () => guest.report(BOOT_MS));
    outcomes.push(`${refused ? "with netfront " : ""}${report.guestType} boots`);
    observe(outcomes.join("; "));
    const promised = promisedType(contract.mode);
    t.equal(report.guestType, promised, `${spelt(boots)}: the guest says what it is`);
    t.equal(report.uuid, contract.instance.uuid, "it is the instance");
    t.equal(report.disks.length, 1, "and has its disk");
    t.not(report.files[0]?.sha256, "failed", "from which it reads");
    await step(`destroy ${spelt(boots)}`, () => guest.destroy());
    stray.push(await removeStray(host));
    fact("stray_in_xenstore", stray.join(" ").trim());
  },
);
