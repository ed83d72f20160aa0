import { basename } from "node:path";
import t from "tap";
import { RelaxNGValidator, XmlDocument } from "libxml2-wasm";
import { xmlRegisterFsInputProviders } from "libxml2-wasm/lib/nodejs.mjs";
import type { GuestDefinition, GuestDisk } from "../../harness/guest/domain.ts";
import { domainXml } from "../../harness/guest/domain-xml.ts";
import { GUEST_TYPES } from "../../harness/spec/scenario-meta.ts";

/** libvirt's own, from its package libvirt0. */
const SCHEMA = "/usr/share/libvirt/schemas/domain.rng";

xmlRegisterFsInputProviders();
const schema = XmlDocument.fromString(`<?xml version="1.0"?>
<grammar xmlns="http://relaxng.org/ns/structure/1.0"><include href="file://${SCHEMA}"/></grammar>`);
// Deprecated as RELAX NG itself is by libxml2; libvirt has no other schema.

const validator = RelaxNGValidator.fromDoc(schema);
t.teardown(() => {
  validator.dispose();
  schema.dispose();
});

function validate(xml: string): void {
  const document = XmlDocument.fromString(xml);
  try {
    validator.validate(document);
  } finally {
    document.dispose();
  }
}

const plain: GuestDefinition = {
  name: "guest-0",
  type: "pv",
  memoryMiB: 128,
  vcpus: 2,
  kernel: "/boot/vmlinuz-6.1.0-56-amd64",
  initrd: "/usr/lib/xenloop/reporter",
  cmdline: 'console=hvc0 a="<b> & c"',
  disks: [],
  nics: [],
};

t.test("the schema is one that refuses", (t) => {
  const xml = domainXml(plain);
  t.throws(() => validate(xml.replace("<vcpu>2<", "<vcpu>two<")));
  t.throws(() => validate(xml.replace('type="xen"', 'type="zen"')));
  t.throws(() => validate(xml.replace("<devices>", "<devices><disk/>")));
  t.end();
});

for (const type of GUEST_TYPES) {
  t.test(`a ${type} guest is a domain by libvirt's schema`, (t) => {
    const guest: GuestDefinition = {
      ...plain,
      type,
      onPoweroff: "destroy",
      onReboot: "restart",
      onCrash: "coredump-destroy",
      nics: [
        {},
        { mac: "00:16:3e:00:00:01", bridge: "br1", model: "netfront" },
        { model: "e1000" },
      ],
    };
    t.doesNotThrow(() => validate(domainXml(plain)));
    t.doesNotThrow(() => validate(domainXml(guest)));
    t.end();
  });
}

const DISKS: readonly GuestDisk[] = [
  { source: "/var/lib/a.raw", target: "xvda" },
  { source: "/dev/loop0", kind: "block", driver: "phy", target: "xvdb", readonly: true },
  { source: "/var/lib/a.qcow2", driver: "qemu", format: "qcow2", target: "hda" },
  { source: "/var/lib/a.vhd", driver: "tap", format: "vpc", target: "hdb", bus: "ide" },
  { source: "/var/lib/a.vmdk", format: "vmdk", target: "xvdc", bus: "xen" },
];
for (const disk of DISKS) {
  t.test(`so is one with ${basename(disk.source)} as ${disk.target}`, (t) => {
    t.doesNotThrow(() => validate(domainXml({ ...plain, type: "hvm", disks: [disk] })));
    t.end();
  });
}

t.test("each type has the machine of its own, and texts are escaped", (t) => {
  const os = (guest: GuestDefinition) => /<type [^>]*>[^<]*<\/type>/.exec(domainXml(guest))?.[0];
  t.strictSame(
    GUEST_TYPES.map((type) => os({ ...plain, type })),
    [
      '<type arch="x86_64" machine="xenpv">linux</type>',
      '<type arch="x86_64" machine="xenpvh">xenpvh</type>',
      '<type arch="x86_64" machine="xenfv">hvm</type>',
    ],
  );
  t.match(domainXml(plain), 'a="&lt;b&gt; &amp; c"');
  t.match(domainXml({ ...plain, disks: [...DISKS] }), 'bus="ide"');
  t.end();
});

t.test("without a kernel a guest boots from its disk, by its boot loader or its BIOS", (t) => {
  const { name, memoryMiB, vcpus, nics } = plain;
  const disks = DISKS.slice(0, 1);
  const common = { name, memoryMiB, vcpus, nics, disks };
  const pv = domainXml({ ...common, type: "pv", bootloader: "pygrub" });
  t.doesNotThrow(() => validate(pv));
  t.match(pv, "<bootloader>pygrub</bootloader>");
  t.notMatch(pv, /<kernel|<cmdline|<boot /);
  const hvm = domainXml({ ...common, type: "hvm" });
  t.doesNotThrow(() => validate(hvm));
  t.match(hvm, '<boot dev="hd"/>');
  t.notMatch(domainXml({ ...plain, type: "hvm" }), "<boot ", "a kernel is booted directly");
  t.end();
});

t.test("firmware is libvirt's to choose", (t) => {
  const uefi = domainXml({ ...plain, type: "hvm", firmware: "efi" });
  t.doesNotThrow(() => validate(uefi));
  t.match(uefi, '<os firmware="efi">');
  t.notMatch(domainXml(plain), "firmware");
  t.end();
});

t.test("a CD is in its drive", (t) => {
  const cd = { source: "/var/lib/cd.iso", target: "hdc", device: "cdrom" } as const;
  const hvm = domainXml({ ...plain, type: "hvm", disks: [cd] });
  t.doesNotThrow(() => validate(hvm));
  t.match(hvm, '<disk type="file" device="cdrom">');
  t.end();
});
