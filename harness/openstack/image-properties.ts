import { ImagePropertyInvalid } from "./errors.ts";
import { architectureOf, hypervisorTypeOf, vmModeOf } from "./names.ts";

/** What Nova 22 keeps of an image's properties, as far as Xen guests depend on it. */
export interface ImageProperties {
  vmMode?: string;
  hypervisorType?: string;
  architecture?: string;
  diskBus?: string;
  vifModel?: string;
}

const DISK_BUSES = ["fdc", "ide", "sata", "scsi", "usb", "virtio", "xen", "lxc", "uml"];

const VIF_MODELS = (
  "virtio ne2k_pci pcnet rtl8139 e1000 e1000e netfront spapr-vlan sriov VirtualE1000 " +
  "VirtualE1000e VirtualPCNet32 VirtualSriovEthernetCard VirtualVmxnet VirtualVmxnet3 vmxnet " +
  "vmxnet3 lan9118"
).split(" ");

const LEGACY_VIF_MODELS: Readonly<Record<string, string>> = {
  virtuale1000: "e1000",
  virtuale1000e: "e1000e",
  virtualpcnet32: "pcnet",
  virtualsriovethernetcard: "sriov",
  virtualvmxnet: "vmxnet",
  virtualvmxnet3: "vmxnet3",
};

type Reader = (value: string) => string;

/** Nova's names, each after its older name; the newer one wins where both are given. */
const READERS: readonly [keyof ImageProperties, string, string | undefined, Reader][] = [
  ["vmMode", "hw_vm_mode", "vm_mode", vmModeOf],
  ["hypervisorType", "img_hv_type", "hypervisor_type", hypervisorTypeOf],
  ["architecture", "hw_architecture", "architecture", architectureOf],
  ["diskBus", "hw_disk_bus", undefined, (value) => among("hw_disk_bus", value, DISK_BUSES)],
  ["vifModel", "hw_vif_model", undefined, vifModelOf],
];

/** Names of the image properties that are looked at. */
export const IMAGE_PROPERTIES = READERS.flatMap(([, name, older]) =>
  older ? [older, name] : [name],
);

/**
 * Reads an image's properties as Nova does; others than {@link IMAGE_PROPERTIES} are ignored.
 * @throws {ImagePropertyInvalid} where Nova refuses the image
 */
export function readImageProperties(given: Readonly<Record<string, string>>): ImageProperties {
  const read: ImageProperties = {};
  for (const [key, name, older, reader] of READERS) {
    // Nova reads both, so that a bad older one is refused even when it does not count.
    for (const spelling of [older, name]) {
      const value = spelling === undefined ? undefined : given[spelling];
      if (value !== undefined) read[key] = reader(value);
    }
  }
  return read;
}

function vifModelOf(value: string): string {
  const lower = value.toLowerCase();
  return among("hw_vif_model", LEGACY_VIF_MODELS[lower] ?? lower, VIF_MODELS);
}

function among(property: string, value: string, known: readonly string[]): string {
  if (known.includes(value)) return value;
  throw new ImagePropertyInvalid(property, value, known);
}
