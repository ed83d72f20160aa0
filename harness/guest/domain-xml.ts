import type { GuestType } from "../spec/scenario-meta.ts";
import type { GuestDefinition, GuestDisk, GuestNic } from "./domain.ts";
import { renderXml, xml, type XmlNode } from "./xml.ts";

/** What libvirt calls each guest type, and the machine that goes with it. */
const OS_TYPES: Readonly<Record<GuestType, { machine: string; type: string }>> = {
  pv: { machine: "xenpv", type: "linux" },
  pvh: { machine: "xenpvh", type: "xenpvh" },
  hvm: { machine: "xenfv", type: "hvm" },
};

/** The domain XML that `virsh create` and `virsh define` take. */
export function domainXml(guest: GuestDefinition): string {
  const os = OS_TYPES[guest.type];
  return renderXml(
    xml(
      "domain",
      { type: "xen" },
      xml("name", {}, guest.name),
      text("description", guest.description),
      xml("memory", { unit: "MiB" }, String(guest.memoryMiB)),
      xml(
        "vcpu",
        guest.vcpusOnline === undefined ? {} : { current: guest.vcpusOnline },
        String(guest.vcpus),
      ),
      text("bootloader", guest.bootloader),
      xml(
        "os",
        guest.firmware ? { firmware: guest.firmware } : {},
        xml("type", { arch: "x86_64", machine: os.machine }, os.type),
        text("kernel", guest.kernel),
        text("initrd", guest.initrd),
        text("cmdline", guest.cmdline),
        guest.type === "hvm" && guest.kernel === undefined ? xml("boot", { dev: "hd" }) : undefined,
      ),
      guest.type === "hvm" ? xml("features", {}, xml("acpi"), xml("apic"), xml("pae")) : undefined,
      xml("on_poweroff", {}, guest.onPoweroff ?? "destroy"),
      xml("on_reboot", {}, guest.onReboot ?? "restart"),
      xml("on_crash", {}, guest.onCrash ?? "destroy"),
      xml("devices", {}, ...guest.disks.map(diskNode), ...guest.nics.map(nicNode), consoleNode()),
    ),
  );
}

function text(name: string, content: string | undefined): XmlNode | undefined {
  return content === undefined ? undefined : xml(name, {}, content);
}

function consoleNode(): XmlNode {
  return xml("console", { type: "pty" }, xml("target", { type: "xen", port: 0 }));
}

function diskNode(disk: GuestDisk): XmlNode {
  const kind = disk.kind ?? "file";
  const driver = {
    ...(disk.driver && { name: disk.driver }),
    ...(disk.format && { type: disk.format }),
  };
  return xml(
    "disk",
    { type: kind, device: disk.device ?? "disk" },
    Object.keys(driver).length > 0 ? xml("driver", driver) : undefined,
    xml("source", kind === "file" ? { file: disk.source } : { dev: disk.source }),
    xml("target", { dev: disk.target, bus: disk.bus ?? busOf(disk.target) }),
    disk.readonly ? xml("readonly") : undefined,
  );
}

function busOf(target: string): string {
  if (target.startsWith("xvd")) return "xen";
  return target.startsWith("sd") ? "scsi" : "ide";
}

function nicNode(nic: GuestNic): XmlNode {
  return xml(
    "interface",
    { type: "bridge" },
    nic.mac ? xml("mac", { address: nic.mac }) : undefined,
    xml("source", { bridge: nic.bridge ?? "xenbr0" }),
    nic.model ? xml("model", { type: nic.model }) : undefined,
  );
}
