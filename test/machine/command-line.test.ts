import t from "tap";
import { machineArgv } from "../../harness/machine/command-line.ts";
import { accelProfile } from "../../harness/machine/cpu-profile.ts";
import type { MachineSpec, XenBoot } from "../../harness/machine/machine-spec.ts";
import { tinySpec } from "../fixtures/machine/tiny.ts";

const PATHS = {
  serialLog: "/r/serial.log",
  serialSocket: "/s/serial",
  qmpSocket: "/s/qmp",
  channelSocket: "/s/channel",
};
const XEN: XenBoot = {
  kind: "xen",
  xen: "/i/xen",
  xenArgs: ["dom0_mem=1536M,max:1536M", "com1=115200,8n1"],
  kernel: "/i/vmlinuz",
  kernelArgs: ["root=LABEL=root", "console=hvc0,115200"],
  initrd: "/i/initrd.img",
};

function argvOf(overrides: Partial<MachineSpec>): string[] {
  return machineArgv({ ...tinySpec(overrides), ...PATHS });
}

/** The values of an option, in order. */
function valuesOf(argv: readonly string[], option: string): string[] {
  return argv.filter((_, index) => argv[index - 1] === option);
}

t.test("the whole command line of a host", async (t) => {
  const argv = argvOf({
    name: "debian-12",
    memoryMiB: 3072,
    vcpus: 2,
    boot: XEN,
    disks: [{ id: "root", path: "/r/root.qcow2", format: "qcow2" }],
    nics: [{ id: "lan", mac: "52:54:00:00:00:01", kind: "user" }],
  });
  t.same(argv, [
    ...["qemu-system-x86_64", "-name", "debian-12,debug-threads=on"],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-accel", "tcg,thread=multi"],
    ...["-cpu", "qemu64,+svm,+npt,+vme,+pdpe1gb,+invtsc,+lahf-lm,x-force-features=on", "-smp", "2"],
    ...["-m", "size=3072M", "-object", "memory-backend-ram,id=ram0,size=3072M"],
    "-machine",
    "q35,vmport=off,usb=off,sata=off,smbus=off,memory-backend=ram0",
    ...["-kernel", "/i/xen", "-append", "dom0_mem=1536M,max:1536M com1=115200,8n1"],
    ...["-initrd", "/i/vmlinuz root=LABEL=root console=hvc0,,115200,/i/initrd.img"],
    ...[
      "-chardev",
      "socket,id=serial0,path=/s/serial,server=on,wait=off,logfile=/r/serial.log",
      "-serial",
      "chardev:serial0",
    ],
    ...["-chardev", "socket,id=qmp0,path=/s/qmp,server=on,wait=off"],
    ...["-mon", "chardev=qmp0,mode=control"],
    ...["-device", "virtio-rng-pci,id=rng0,bus=pcie.0,addr=0x2"],
    ...["-device", "virtio-serial-pci,id=vserial0,bus=pcie.0,addr=0x3,max_ports=2"],
    ...["-chardev", "socket,id=channel0,path=/s/channel,server=on,wait=off"],
    "-device",
    "virtserialport,id=port0,bus=vserial0.0,nr=1,chardev=channel0,name=xenloop.0",
    ...["-drive", "if=none,id=root-drive,file=/r/root.qcow2,format=qcow2,cache=unsafe"],
    ...["-device", "virtio-blk-pci,id=root,bus=pcie.0,addr=0x4,drive=root-drive"],
    ...["-netdev", "user,id=lan-net,restrict=on,ipv6=off", "-device"],
    "virtio-net-pci,id=lan,bus=pcie.0,addr=0x10,netdev=lan-net,mac=52:54:00:00:00:01",
  ]);
});

t.test("what is written to a disk with a snapshot goes elsewhere", async (t) => {
  const argv = argvOf({ disks: [{ id: "root", path: "/t/d", format: "qcow2", snapshot: true }] });
  t.match(valuesOf(argv, "-drive"), [/^if=none,.*file=\/t\/d,.*snapshot=on/]);
});

t.test("under KVM the CPU is the host's", async (t) => {
  const argv = argvOf({ profile: accelProfile("kvm", "8.2.0") });
  t.same([valuesOf(argv, "-accel"), valuesOf(argv, "-cpu")], [["kvm"], ["host"]]);
});

t.test("a template and its clone differ in memory, disk file and network only", async (t) => {
  const devices = (argv: string[]) => valuesOf(argv, "-device");
  const nic = { id: "lan", mac: "52:54:00:00:00:01" };
  const disk = { id: "root", format: "qcow2" } as const;
  const template = argvOf({
    ram: { kind: "file", path: "/t/ram", share: true },
    disks: [{ ...disk, path: "/t/disk" }],
    nics: [{ ...nic, kind: "unplugged" }],
  });
  const clone = argvOf({
    ram: { kind: "file", path: "/t/ram", share: false },
    disks: [{ ...disk, path: "/c/disk" }],
    nics: [{ ...nic, kind: "wire", local: "/s/a", remote: "/s/b" }],
    incoming: true,
  });
  t.same(devices(template), devices(clone));
  t.same(
    [valuesOf(template, "-object"), valuesOf(clone, "-object")].flat(),
    ["on", "off"].map((s) => `memory-backend-file,id=ram0,size=16M,mem-path=/t/ram,share=${s}`),
  );
  t.same(valuesOf(template, "-netdev"), ["hubport,id=lan-net,hubid=1"]);
  t.same(valuesOf(clone, "-netdev"), [
    "dgram,id=lan-net,local.type=unix,local.path=/s/a,remote.type=unix,remote.path=/s/b",
  ]);
  t.same([valuesOf(template, "-incoming"), valuesOf(clone, "-incoming")], [[], ["defer"]]);
});

t.test("what a pair shares is nothing in its template, in the same devices", async (t) => {
  const template = argvOf({ shared: { diskMiB: 64 } });
  const files = { disk: "/w/disk", folder: "/w/folder" };
  const clone = argvOf({ shared: { diskMiB: 64, files } });
  t.same(valuesOf(template, "-device"), valuesOf(clone, "-device"));
  t.same(valuesOf(clone, "-device").slice(-2), [
    "virtio-blk-pci,id=shared-disk,bus=pcie.0,addr=0x1c,drive=shared-drive,serial=shared,share-rw=on",
    "virtio-9p-pci,id=shared-folder,bus=pcie.0,addr=0x1d,fsdev=share0,mount_tag=shared",
  ]);
  t.same(valuesOf(template, "-fsdev"), ["synth,id=share0"]);
  t.same(valuesOf(clone, "-fsdev"), ["local,id=share0,path=/w/folder,security_model=none"]);
  t.match(valuesOf(template, "-drive").at(-1), /driver=null-co,size=64M,read-zeroes=on/);
  t.match(valuesOf(clone, "-drive").at(-1), /file=\/w\/disk,format=raw,file.locking=off/);
});

t.test("disks boot in their order only when nothing else boots", async (t) => {
  const disks = [
    { id: "a", path: "/a,1", format: "raw", readonly: true, serial: "A" },
    { id: "b", path: "/b", format: "raw" },
  ] as const;
  const argv = argvOf({ disks });
  t.same(valuesOf(argv, "-drive"), [
    "if=none,id=a-drive,file=/a,,1,format=raw,readonly=on,cache=unsafe",
    "if=none,id=b-drive,file=/b,format=raw,cache=unsafe",
  ]);
  t.same(valuesOf(argv, "-device").slice(-2), [
    "virtio-blk-pci,id=a,bus=pcie.0,addr=0x4,drive=a-drive,serial=A,bootindex=0",
    "virtio-blk-pci,id=b,bus=pcie.0,addr=0x5,drive=b-drive,bootindex=1",
  ]);
  t.notMatch(valuesOf(argvOf({ disks, boot: XEN }), "-device").join(" "), "bootindex");
});

t.test("the initrd may be absent, and the machine may start paused", async (t) => {
  const boot = { kind: "xen", xen: "/x", xenArgs: [], kernel: "/k", kernelArgs: [] } as const;
  const argv = argvOf({ boot, paused: true });
  t.same(valuesOf(argv, "-initrd"), ["/k"]);
  t.equal(argv.at(-1), "-S");
});

t.test("what QEMU would misread is refused", async (t) => {
  const refused = { code: "MACHINE_SPEC_INVALID", kind: "usage" };
  t.throws(() => argvOf({ boot: { ...XEN, kernel: "/my cache/vmlinuz" } }), {
    ...refused,
    hint: /XDG_CACHE_HOME/,
  });
  t.throws(() => argvOf({ disks: [{ id: "a", path: "nbd:x", format: "raw" }] }), refused);
  const nics = Array.from({ length: 13 }, (_, index) => ({
    id: `n${index}`,
    mac: `52:54:00:00:00:${index + 10}`,
    kind: "unplugged" as const,
  }));
  t.throws(() => argvOf({ nics }), { ...refused, message: /12 network cards, not 13/ });
});
