import { absolute, device } from "./device.ts";
import { MachineSpecInvalid } from "./errors.ts";
import type { DiskSpec, MachinePaths, MachineSpec, NicSpec, XenBoot } from "./machine-spec.ts";
import { qescape, qopt } from "./qopt.ts";
import { sharedArgv } from "./shared-devices.ts";

/** Name of the virtio-serial port the command channel uses in dom0. */
export const CHANNEL_PORT = "xenloop.0";

/**
 * PCI slots are fixed, so that a template and its clones have the same devices in the same
 * places, and dom0 finds its cards in the order of the spec.
 */
const SLOTS = { rng: 2, channel: 3, disk: 4, nic: 16, end: 28 } as const;

/** Behind all others, so that the names of those do not depend on them. */
const SHARED_SLOTS = { disk: 28, folder: 29 } as const;

/** The command line of a machine, from nothing but its arguments. @throws {MachineSpecInvalid} */
export function machineArgv(spec: MachineSpec & MachinePaths): string[] {
  checkCount("disks", spec.disks.length, SLOTS.nic - SLOTS.disk);
  checkCount("network cards", spec.nics.length, SLOTS.end - SLOTS.nic);
  const { profile } = spec;
  return [
    ...[spec.qemu, "-name", qopt(qescape(spec.name), { "debug-threads": true })],
    ...["-nodefaults", "-no-user-config", "-display", "none"],
    ...["-accel", profile.accelerator, "-cpu", profile.cpu, "-smp", String(spec.vcpus)],
    ...["-m", `size=${spec.memoryMiB}M`, "-object", ram(spec)],
    ...["-machine", `${profile.machine},memory-backend=ram0`],
    ...(spec.boot.kind === "xen" ? multibootArgv(spec.boot) : []),
    ...(spec.boot.kind === "resumed-xen" ? ["-kernel", word(spec.boot.stub)] : []),
    ...["-chardev", listener("serial0", spec.serialSocket, absolute(spec.serialLog))],
    ...["-serial", "chardev:serial0"],
    ...["-chardev", listener("qmp0", spec.qmpSocket), "-mon", "chardev=qmp0,mode=control"],
    ...["-device", device("virtio-rng-pci", "rng0", SLOTS.rng)],
    ...["-device", device("virtio-serial-pci", "vserial0", SLOTS.channel, { max_ports: 2 })],
    ...["-chardev", listener("channel0", spec.channelSocket)],
    ...["-device", channelPort()],
    ...spec.disks.flatMap((disk, index) => diskArgv(disk, index, spec.boot.kind === "disk")),
    ...spec.nics.flatMap(nicArgv),
    ...(spec.shared ? sharedArgv(spec.shared, SHARED_SLOTS) : []),
    ...(spec.incoming === true ? ["-incoming", "defer"] : []),
    ...(spec.paused === true ? ["-S"] : []),
  ];
}

/** `-initrd` holds the multiboot modules: file, blank, arguments; commas separate modules. */
function multibootArgv({ xen, xenArgs, kernel, kernelArgs, initrd }: XenBoot): string[] {
  const modules = [[word(kernel), ...kernelArgs].join(" ")];
  if (initrd !== undefined) modules.push(word(initrd));
  return [
    ...["-kernel", word(xen)],
    // Not parsed as an option, so its commas stay single.
    ...["-append", xenArgs.join(" ")],
    ...["-initrd", modules.map(qescape).join(",")],
  ];
}

function ram({ ram, memoryMiB }: MachineSpec): string {
  const common = { id: "ram0", size: `${memoryMiB}M` };
  return ram.kind === "anonymous"
    ? qopt("memory-backend-ram", common)
    : qopt("memory-backend-file", {
        ...common,
        "mem-path": absolute(ram.path),
        share: ram.share,
      });
}

function diskArgv(disk: DiskSpec, index: number, bootable: boolean): string[] {
  const drive = {
    id: `${disk.id}-drive`,
    file: absolute(disk.path),
    format: disk.format,
    readonly: disk.readonly === true ? true : undefined,
    snapshot: disk.snapshot === true ? true : undefined,
    // What is written is thrown away with the machine, or checksummed after QEMU has ended.
    cache: "unsafe",
  };
  const front = {
    drive: drive.id,
    serial: disk.serial,
    bootindex: bootable ? index : undefined,
  };
  return [
    ...["-drive", qopt("if=none", drive)],
    ...["-device", device("virtio-blk-pci", disk.id, SLOTS.disk + index, front)],
  ];
}

function nicArgv(nic: NicSpec, index: number): string[] {
  const front = { netdev: `${nic.id}-net`, mac: nic.mac };
  return [
    ...["-netdev", netdev(nic, index)],
    ...["-device", device("virtio-net-pci", nic.id, SLOTS.nic + index, front)],
  ];
}

function netdev(nic: NicSpec, index: number): string {
  const id = `${nic.id}-net`;
  switch (nic.kind) {
    case "user":
      return qopt("user", { id, restrict: true, ipv6: false });
    case "wire":
      return qopt("dgram", {
        id,
        "local.type": "unix",
        "local.path": absolute(nic.local),
        "remote.type": "unix",
        "remote.path": absolute(nic.remote),
      });
    case "unplugged":
      return qopt("hubport", { id, hubid: index + 1 });
  }
}

function channelPort(): string {
  const values = { id: "port0", bus: "vserial0.0", nr: 1, chardev: "channel0" };
  return qopt("virtserialport", { ...values, name: CHANNEL_PORT });
}

function listener(id: string, path: string, logfile?: string): string {
  return qopt("socket", { id, path: absolute(path), server: true, wait: false, logfile });
}

/** Xen and QEMU's loader end a file name at the first blank. */
function word(path: string): string {
  if (!/\s/.test(path)) return absolute(path);
  throw new MachineSpecInvalid(
    `The path ${JSON.stringify(path)} holds a blank, where QEMU's multiboot loader ends it.`,
    "Set XDG_CACHE_HOME to a directory without blanks in its name.",
  );
}

function checkCount(what: string, count: number, limit: number): void {
  if (count <= limit) return;
  throw new MachineSpecInvalid(
    `A machine has room for ${limit} ${what}, not ${count}.`,
    `Take away ${count - limit} of its ${what}.`,
  );
}
