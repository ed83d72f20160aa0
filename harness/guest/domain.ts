import type { GuestType } from "../spec/scenario-meta.ts";

/** A disk of a guest, as libvirt's libxl driver knows them. */
export interface GuestDisk {
  /** Path in dom0. */
  source: string;
  /** Block device or file; a file unless told. */
  kind?: "file" | "block";
  /** `<driver name=…>`; left out when undefined, so that libxl chooses. */
  driver?: "phy" | "qemu" | "file" | "tap";
  /** `<driver type=…>`; raw by libvirt's own rule when undefined. */
  format?: "raw" | "qcow2" | "vhd" | "vpc" | "vmdk";
  /** `xvda`, `hda`, `sda`, … */
  target: string;
  bus?: "xen" | "ide" | "scsi";
  readonly?: boolean;
  /** A CD in its drive instead of a disk. */
  device?: "cdrom";
}

export interface GuestNic {
  mac?: string;
  /** Bridge in dom0; `xenbr0` unless told. */
  bridge?: string;
  model?: "netfront" | "e1000" | "rtl8139";
}

export type LifecycleAction =
  "destroy" | "restart" | "preserve" | "coredump-destroy" | "coredump-restart";

/**
 * A domain before it exists. Kernel and initrd are paths in dom0; a guest without a kernel boots
 * from its first disk.
 */
export interface GuestDefinition {
  name: string;
  /** Shown by `virsh desc`. */
  description?: string;
  type: GuestType;
  memoryMiB: number;
  vcpus: number;
  /** Of these, those online at the start; all unless told. */
  vcpusOnline?: number;
  kernel?: string;
  initrd?: string;
  cmdline?: string;
  /** Reads the kernel of a PV guest out of its disk, such as `pygrub`. */
  bootloader?: string;
  /** The firmware of an HVM guest; libxl takes its own BIOS unless told. */
  firmware?: "efi";
  disks: readonly GuestDisk[];
  nics: readonly GuestNic[];
  onPoweroff?: LifecycleAction;
  onReboot?: LifecycleAction;
  onCrash?: LifecycleAction;
}
