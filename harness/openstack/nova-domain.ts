import { renderXml, xml, type XmlNode } from "../guest/xml.ts";
import { HardwareUnsupported } from "./errors.ts";
import type { ImageProperties } from "./image-properties.ts";

/** What Nova is told besides the image. Memory in MiB. */
export interface NovaInstance {
  uuid: string;
  name: string;
  memoryMiB: number;
  vcpus: number;
  /** Directory with the instance's disk and console log. */
  directory: string;
  nic?: { mac: string; bridge: string; device: string };
}

/** What must be told to boot a guest without a boot loader on its disk; Nova's kernel images. */
export interface DirectKernel {
  kernel: string;
  initrd: string;
  cmdline: string;
}

const DISK_BUSES = ["xen", "ide"];
const VIF_MODELS = ["netfront", "ne2k_pci", "pcnet", "rtl8139", "e1000"];
/** Nova's default of `[libvirt]xen_hvmloader_path`. */
const HVMLOADER = "/usr/lib/xen/boot/hvmloader";

/** The mode of an image that names none is PV. */
export function guestModeOf(image: ImageProperties): string {
  return image.vmMode ?? "xen";
}

/**
 * The domain XML of Nova 22's libvirt driver with virt_type xen, without its own metadata.
 * `direct` replaces the boot from disk. @throws {HardwareUnsupported}
 */
export function novaDomainXml(
  instance: NovaInstance,
  image: ImageProperties,
  direct?: DirectKernel,
): string {
  const mode = guestModeOf(image);
  const hvm = mode === "hvm";
  const { uuid, name, memoryMiB, vcpus } = instance;
  return renderXml(
    xml(
      "domain",
      { type: "xen" },
      xml("uuid", {}, uuid),
      xml("name", {}, name),
      xml("memory", {}, String(memoryMiB * 1024)),
      xml("vcpu", {}, String(vcpus)),
      osNode(mode, direct),
      xml("features", {}, xml("pae"), ...(hvm ? [xml("acpi"), xml("apic")] : [])),
      xml("clock", { offset: "utc" }),
      xml(
        "devices",
        {},
        diskNode(instance, image, hvm),
        nicNode(instance, image),
        xml(
          "console",
          { type: "pty" },
          xml("log", { file: `${instance.directory}/console.log`, append: "off" }),
        ),
        hvm ? xml("input", { type: "tablet", bus: "usb" }) : undefined,
        xml("graphics", { type: "vnc", autoport: "yes", listen: "127.0.0.1" }),
        xml("video", {}, xml("model", { type: mode === "xen" ? "xen" : "cirrus" })),
        xml("memballoon", { model: "xen" }, xml("stats", { period: 10 })),
      ),
    ),
  );
}

function osNode(mode: string, direct: DirectKernel | undefined): XmlNode {
  const cmdline = mode === "hvm" ? undefined : "console=tty0 console=ttyS0 console=hvc0";
  return xml(
    "os",
    {},
    xml("type", {}, mode),
    direct && xml("kernel", {}, direct.kernel),
    mode === "hvm" ? xml("loader", {}, HVMLOADER) : undefined,
    direct && xml("initrd", {}, direct.initrd),
    direct ? xml("cmdline", {}, direct.cmdline) : cmdline && xml("cmdline", {}, cmdline),
    direct ? undefined : xml("boot", { dev: "hd" }),
  );
}

function diskNode(
  { directory }: NovaInstance,
  { diskBus }: ImageProperties,
  hvm: boolean,
): XmlNode {
  const bus = diskBus ?? (hvm ? "ide" : "xen");
  if (!DISK_BUSES.includes(bus)) throw new HardwareUnsupported("hw_disk_bus", bus, DISK_BUSES);
  return xml(
    "disk",
    { type: "file", device: "disk" },
    xml("driver", { name: "qemu", type: "qcow2", cache: "none" }),
    xml("source", { file: `${directory}/disk` }),
    xml("target", { bus, dev: bus === "ide" ? "hda" : "xvda" }),
  );
}

function nicNode({ nic }: NovaInstance, { vifModel }: ImageProperties): XmlNode | undefined {
  if (vifModel !== undefined && !VIF_MODELS.includes(vifModel)) {
    throw new HardwareUnsupported("hw_vif_model", vifModel, VIF_MODELS);
  }
  if (nic === undefined) return undefined;
  return xml(
    "interface",
    { type: "bridge" },
    xml("mac", { address: nic.mac }),
    vifModel === undefined ? undefined : xml("model", { type: vifModel }),
    xml("source", { bridge: nic.bridge }),
    xml("target", { dev: nic.device }),
  );
}
