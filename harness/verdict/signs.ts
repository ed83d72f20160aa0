import type { Layer } from "./diagnose.ts";

/** A line that says by itself which layer broke, whatever the scenario made of it. */
export interface Sign {
  layer: Layer;
  /** Kinds of evidence in which such a line may stand. */
  kinds: readonly string[];
  line: RegExp;
  /** What it means; `$1` is what the pattern took. */
  says: string;
  /** Of an error that it makes of whatever the verdict was. */
  code?: string;
  /** Emulation is known to cause it: an attempt with this sign under TCG proves nothing yet. */
  byEmulation?: true;
}

const XEN = ["serial", "boot-serial", "xl-dmesg"];
const DOM0 = ["serial", "boot-serial", "dmesg", "journal"];

/** Of Xen's own lines; dom0's on the same console have no such beginning. */
const BY_XEN = String.raw`^\(XEN\) (?:\[[^\]]*\] )?`;
/** Not a guest's, which Xen repeats with its number. */
const BY_DOM0 = String.raw`^(?!\(d\d)(?!\(XEN\)).*?`;

/** The deeper the layer, the earlier: what is above falls with it. */
export const SIGNS: readonly Sign[] = [
  {
    layer: "Xen",
    kinds: XEN,
    line: new RegExp(`${BY_XEN}Assertion ('.+' failed at \\S+)`, "m"),
    says: "its assertion $1",
  },
  {
    layer: "Xen",
    kinds: XEN,
    line: new RegExp(`${BY_XEN}Panic on CPU (\\d+):\\s*(?:${BY_XEN})?(.*)$`, "m"),
    says: "it panics on CPU $1: $2",
  },
  {
    layer: "Xen",
    kinds: XEN,
    line: new RegExp(`${BY_XEN}(Xen BUG at \\S+|FATAL TRAP: .*)$`, "m"),
    says: "$1",
  },
  {
    // K70. A guest's own triple fault has an address and a code segment of the guest's.
    layer: "outer QEMU",
    kinds: ["xl-dmesg", "serial"],
    line: /(d\d+v\d+) Triple fault(?:.*\n){1,6}?.*RIP: +e008:\[<(ffff82d0[0-9a-f]+)>\]/,
    says: "it emulates nested SVM wrongly: $1 woke in Xen's own code at $2, and faulted three times",
    code: "MISEMULATED",
    byEmulation: true,
  },
  {
    // Seen of guests that boot at every other time: the emulator's doing as well, or their own.
    layer: "guest",
    kinds: ["xl-dmesg", "serial"],
    line: /(d\d+v\d+) Triple fault(?:.*\n){1,6}?.*RIP: +([0-9a-f]{4}:\[<[0-9a-f]+>\])/,
    says: "$1 faults three times at $2",
    byEmulation: true,
  },
  {
    // K70 as well: a kernel that came out of the hypervisor with its user's GS faults at its first
    // access to what is each processor's own, in its handler of faults too, until its stack ends.
    layer: "guest",
    kinds: ["guest-console"],
    line: /RIP: 0010:error_entry\+(?:.*\n){1,25}?.*Kernel panic - not syncing: (Fatal exception.*)/,
    says: "its kernel has lost its GS, and panics: $1",
    byEmulation: true,
  },
  {
    layer: "dom0",
    kinds: DOM0,
    line: new RegExp(`${BY_DOM0}Kernel panic - not syncing: (.*)$`, "m"),
    says: "its kernel panics: $1",
  },
  {
    layer: "dom0",
    kinds: DOM0,
    line: new RegExp(`${BY_DOM0}(BUG: unable to handle .*|kernel BUG at .*|Oops: .*)$`, "m"),
    says: "its kernel meets $1",
  },
  {
    layer: "dom0",
    kinds: DOM0,
    line: new RegExp(`${BY_DOM0}Out of memory: Killed process \\d+ \\(([^)]*)\\)`, "m"),
    says: "it runs out of memory and kills $1",
  },
  {
    layer: "libvirtd",
    kinds: ["dmesg", "journal"],
    line: /\b(?:libvirtd|rpc-worker)\[\d+\]: (segfault at .*|trap .*)$/m,
    says: "it dies: $1",
  },
  {
    layer: "libvirtd",
    kinds: ["journal"],
    line: /\blibvirtd\.service: Main process exited, code=(?:dumped|killed), status=(?!15)(\S+)/m,
    says: "it dies of signal $1",
  },
  {
    layer: "libxl",
    kinds: ["dmesg", "journal"],
    line: /\b((?:qemu-system-\S+|xl|xen-qemu-dm\S*)\[\d+\]: segfault at .*)$/m,
    says: "a process of its dies: $1",
  },
  {
    layer: "dom0",
    kinds: DOM0,
    line: new RegExp(`${BY_DOM0}(task \\S+ blocked for more than \\d+ seconds)`, "m"),
    says: "$1",
  },
];
