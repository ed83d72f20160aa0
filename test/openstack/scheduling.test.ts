import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { hostOffers } from "../../harness/openstack/capabilities.ts";
import { contractOf, PV_AND_HVM } from "../../harness/openstack/contract.ts";
import { readImageProperties } from "../../harness/openstack/image-properties.ts";
import { novaDomainXml } from "../../harness/openstack/nova-domain.ts";
import { schedule } from "../../harness/openstack/scheduling.ts";

const live = join(import.meta.dirname, "capabilities/debian-12.xml");
const { offers, unknownModes } = hostOffers(readFileSync(live, "utf8"));

t.test("what a live host offers", async (t) => {
  t.strictSame(offers, [
    ["x86_64", "xen", "xen"],
    ["i686", "xen", "hvm"],
    ["x86_64", "xen", "hvm"],
  ]);
  t.strictSame(unknownModes, ["xenpvh"]);
});

t.test("aliases and refusals", async (t) => {
  for (const [value, mode] of [
    ["pv", "xen"],
    ["HV", "hvm"],
    ["xen", "xen"],
  ] as const) {
    t.equal(readImageProperties({ vm_mode: value }).vmMode, mode);
  }
  t.equal(readImageProperties({ hypervisor_type: "XAPI" }).hypervisorType, "xen");
  t.equal(readImageProperties({ vm_mode: "xen", hw_vm_mode: "hvm" }).vmMode, "hvm");
  for (const bad of [{ vm_mode: "pvh" }, { hypervisor_type: "xenapi" }, { architecture: "m86" }]) {
    t.throws(() => readImageProperties(bad), { code: "IMAGE_PROPERTY_INVALID" });
  }
});

t.test("which host is chosen", async (t) => {
  const chosen = (given: Record<string, string>, by = offers) =>
    schedule(readImageProperties(given), by).chosen;
  t.ok(chosen({}));
  t.ok(chosen({}, []), "nothing asked, nothing needed");
  t.ok(chosen({ vm_mode: "hvm", hypervisor_type: "xen", architecture: "amd64" }));
  t.notOk(chosen({ vm_mode: "hvm" }, [["x86_64", "xen", "xen"]]));
  t.notOk(chosen({ hypervisor_type: "kvm" }));
  t.notOk(chosen({ vm_mode: "xen" }, []));
});

t.test("what keeps Nova itself from the answer is noted beside it", async (t) => {
  const { scheduling } = contractOf({ vm_mode: "hvm" }, { offers, unknownModes });
  t.ok(scheduling.chosen);
  t.match(scheduling.note, /reports nothing of this host: .* guest type xenpvh$/);
  t.notOk("note" in contractOf({ vm_mode: "hvm" }, PV_AND_HVM).scheduling);
});

t.test("the domain follows the mode; other hardware is refused", async (t) => {
  const instance = { uuid: "u", name: "n", memoryMiB: 1, vcpus: 1, directory: "/d" };
  const xml = (given: Record<string, string>) =>
    novaDomainXml(instance, readImageProperties(given));
  t.match(xml({}), /<type>xen<\/type>.*dev="xvda"/);
  t.match(xml({ vm_mode: "hvm" }), /<type>hvm<\/type><loader>.*<acpi\/>.*dev="hda"/);
  t.match(xml({ vm_mode: "hvm", hw_disk_bus: "xen" }), /dev="xvda"/);
  for (const bad of [{ hw_disk_bus: "virtio" }, { hw_vif_model: "virtio" }]) {
    t.throws(() => xml(bad), { code: "HARDWARE_UNSUPPORTED" });
  }
});
