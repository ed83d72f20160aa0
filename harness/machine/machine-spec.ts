import type { AccelProfile } from "./cpu-profile.ts";
import type { SharedSpec } from "./shared-devices.ts";

/** A machine before it has sockets and logs. All paths are absolute. */
export interface MachineSpec {
  /** Shown by ps and in QEMU's own messages. */
  name: string;
  /** QEMU binary, such as `qemu-system-x86_64`. */
  qemu: string;
  profile: AccelProfile;
  memoryMiB: number;
  vcpus: number;
  boot: XenBoot | ResumedXen | { kind: "disk" };
  /** In the order dom0 names them: vda, vdb, … */
  disks: readonly DiskSpec[];
  /** In the order dom0 names them: eth0, eth1, … */
  nics: readonly NicSpec[];
  shared?: SharedSpec;
  ram: RamSpec;
  /** Waits for a saved state, to be loaded with `loadState`. */
  incoming?: boolean;
  /** Does not run until QMP `cont`. */
  paused?: boolean;
}

/** QEMU's multiboot loader starts Xen with dom0's kernel and initrd as modules. */
export interface XenBoot {
  kind: "xen";
  /** The hypervisor as an uncompressed ELF: the loader does not unzip. */
  xen: string;
  xenArgs: readonly string[];
  kernel: string;
  kernelArgs: readonly string[];
  initrd?: string;
}

/** Of a machine whose saved state has booted already. */
export interface ResumedXen {
  kind: "resumed-xen";
  /** File with a `resumeStub`. */
  stub: string;
}

export interface DiskSpec {
  id: string;
  path: string;
  format: "raw" | "qcow2";
  readonly?: boolean;
  /** What is written goes to a file in the machine's scratch directory, which has no name. */
  snapshot?: boolean;
  /** What dom0 sees in /dev/disk/by-id; at most 20 characters. */
  serial?: string;
}

/**
 * A network card. What it is joined to is no part of a saved state: a clone may connect a
 * card that was unplugged in its template.
 */
export type NicSpec = { id: string; mac: string } &
  /** QEMU's own DHCP, with no way out of the machine; `addSshForward` opens a way in. */
  (
    | { kind: "user" }
    /** A wire to one other machine: a datagram socket at each end, in any order of start. */
    | ({ kind: "wire" } & Wire)
    | { kind: "unplugged" }
  );

/** One end of a wire; the other machine has the two the other way round. */
export interface Wire {
  local: string;
  remote: string;
}

export type RamSpec =
  | { kind: "anonymous" }
  /**
   * A file is the memory. With `share` the machine writes to it (a template); without, the
   * machine sees it copy-on-write and never changes it (a clone).
   */
  | { kind: "file"; path: string; share: boolean };

/** Where the outer side of a machine is. */
export interface MachinePaths {
  serialLog: string;
  /** Whoever connects types on the console. */
  serialSocket: string;
  qmpSocket: string;
  channelSocket: string;
}
