import { ImagePropertyInvalid } from "./errors.ts";

/** How Nova 22 spells one kind of property; nova/objects/fields.py at 22.0.1. */
interface Names {
  property: string;
  known: readonly string[];
  aliases: Readonly<Record<string, string>>;
}

const VM_MODES: Names = {
  property: "vm_mode",
  known: ["hvm", "xen", "uml", "exe"],
  aliases: { pv: "xen", hv: "hvm", baremetal: "hvm" },
};

const HYPERVISOR_TYPES: Names = {
  property: "hypervisor_type",
  known: (
    "baremetal bhyve docker fake hyperv ironic kqemu kvm lxc lxd openvz parallels phyp qemu test " +
    "uml vbox vz vmware xen zvm prsm"
  ).split(" "),
  aliases: { xapi: "xen" },
};

const ARCHITECTURES: Names = {
  property: "architecture",
  known: (
    "alpha armv6 armv7l armv7b aarch64 cris i686 ia64 lm32 m68k microblaze microblazeel mips " +
    "mipsel mips64 mips64el openrisc parisc parisc64 ppc ppcle ppc64 ppc64le ppcemb s390 s390x " +
    "sh4 sh4eb sparc sparc64 unicore32 x86_64 xtensa xtensaeb"
  ).split(" "),
  aliases: {
    i386: "i686",
    i486: "i686",
    i586: "i686",
    x86_32: "i686",
    x86_32p: "i686",
    amd64: "x86_64",
  },
};

/** @throws {ImagePropertyInvalid} */
export const vmModeOf = (value: string): string => canonical(VM_MODES, value);
/** @throws {ImagePropertyInvalid} */
export const hypervisorTypeOf = (value: string): string => canonical(HYPERVISOR_TYPES, value);
/** @throws {ImagePropertyInvalid} */
export const architectureOf = (value: string): string => canonical(ARCHITECTURES, value);

function canonical({ property, known, aliases }: Names, value: string): string {
  const lower = value.toLowerCase();
  const name = Object.hasOwn(aliases, lower) ? (aliases[lower] ?? lower) : lower;
  if (known.includes(name)) return name;
  throw new ImagePropertyInvalid(property, value, [...known, ...Object.keys(aliases)]);
}
