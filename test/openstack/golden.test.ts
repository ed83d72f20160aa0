import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DOMParser, type Element, type Node } from "@xmldom/xmldom";
import t from "tap";
import { hostOffers } from "../../harness/openstack/capabilities.ts";
import { readImageProperties } from "../../harness/openstack/image-properties.ts";
import { novaDomainXml } from "../../harness/openstack/nova-domain.ts";
import { schedule, type SupportedInstance } from "../../harness/openstack/scheduling.ts";

type Refusal = { error: string; message: string };

/** Written by Nova 22 itself: test/openstack/nova/golden.py. */
interface Golden {
  nova: string;
  capabilities: Refusal;
  offers: SupportedInstance[];
  cases: {
    properties: Record<string, string>;
    image: Record<string, string | null> | Refusal;
    chosen?: boolean;
    domain?: string | Refusal;
  }[];
}

const read = (name: string): string => readFileSync(join(import.meta.dirname, name), "utf8");
const golden = JSON.parse(read("nova/golden.json")) as Golden;

const NOVA_NAMES = {
  vmMode: "hw_vm_mode",
  hypervisorType: "img_hv_type",
  architecture: "hw_architecture",
  diskBus: "hw_disk_bus",
  vifModel: "hw_vif_model",
} as const;

/** What Nova was told besides the image; see golden.py. */
const INSTANCE = {
  uuid: "00000000-0000-0000-0000-000000000001",
  name: "instance-00000001",
  memoryMiB: 128,
  vcpus: 1,
  directory: "/var/lib/nova/instances/00000000-0000-0000-0000-000000000001",
  nic: { mac: "fa:16:3e:00:00:01", bridge: "xenbr0", device: "tap00000000-00" },
};

/** One line an element, attributes in order of their names, so that only the content counts. */
function content(text: string): string[] {
  const lines: string[] = [];
  const visit = (element: Element, path: string): void => {
    const attributes = [...element.attributes].map(({ name, value }) => `${name}=${value}`).sort();
    const children = [...element.childNodes].filter(
      (child: Node): child is Element => child.nodeType === 1,
    );
    const own = children.length > 0 ? "" : (element.textContent ?? "").trim();
    const here = `${path}/${element.tagName}`;
    lines.push([here, ...attributes, own].join(" ").trim());
    for (const child of children) visit(child, here);
  };
  const root = new DOMParser().parseFromString(text, "text/xml").documentElement;
  if (root) visit(root, "");
  return lines.sort();
}

t.test("a live host offers to the scheduler what Nova makes of its capabilities", (t) => {
  const { offers, unknownModes } = hostOffers(read("capabilities/debian-12.xml"));
  t.strictSame(offers, golden.offers);
  t.match(golden.capabilities.message, `'${unknownModes.join()}' is not recognised`);
  t.end();
});

for (const { properties, image, chosen, domain } of golden.cases) {
  t.test(`Nova ${golden.nova} and we agree on ${JSON.stringify(properties)}`, (t) => {
    if (typeof image["error"] === "string") {
      t.throws(() => readImageProperties(properties), { code: "IMAGE_PROPERTY_INVALID" });
      return t.end();
    }
    const ours = readImageProperties(properties);
    for (const [key, name] of Object.entries(NOVA_NAMES)) {
      t.equal(
        ours[key as keyof typeof NOVA_NAMES] ?? null,
        (image as Record<string, string>)[name],
      );
    }
    t.equal(schedule(ours, golden.offers).chosen, chosen, "whether the host is chosen");
    if (typeof domain === "string") {
      t.strictSame(content(novaDomainXml(INSTANCE, ours)), content(domain), "the domain");
    } else {
      t.throws(() => novaDomainXml(INSTANCE, ours), { code: "HARDWARE_UNSUPPORTED" });
    }
    t.end();
  });
}
