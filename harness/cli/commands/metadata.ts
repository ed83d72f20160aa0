import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { messageOf } from "../../base/error.ts";
import { hostOffers, type HostOffers } from "../../openstack/capabilities.ts";
import { IMAGE_PROPERTIES, readImageProperties } from "../../openstack/image-properties.ts";
import { guestModeOf, novaDomainXml } from "../../openstack/nova-domain.ts";
import { schedule } from "../../openstack/scheduling.ts";
import type { CliContext } from "../context.ts";
import { UsageInvalid } from "../errors.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./metadata.command.ts";

type Options = OptionsOf<typeof spec>;
type Properties = Readonly<Record<string, string>>;

/** A Xen host as the page means it. */
const PV_AND_HVM: HostOffers = {
  offers: [
    ["x86_64", "xen", "xen"],
    ["i686", "xen", "hvm"],
    ["x86_64", "xen", "hvm"],
  ],
  unknownModes: [],
};

export async function run(ctx: CliContext, options: Options): Promise<number> {
  const properties = propertiesOf(options.property);
  const { capabilities: file } = options;
  const offers = file === undefined ? PV_AND_HVM : hostOffers(await readText(ctx, file));
  return tell(ctx, options, contract(properties, offers));
}

async function readText(ctx: CliContext, file: string): Promise<string> {
  return readFile(resolve(ctx.cwd, file), "utf8").catch((error: unknown) => {
    throw new UsageInvalid(`${file} cannot be read: ${messageOf(error)}`, "xenloop metadata");
  });
}

function contract(properties: Properties, { offers, unknownModes }: HostOffers) {
  const image = readImageProperties(properties);
  const instance = {
    uuid: "00000000-0000-0000-0000-000000000001",
    name: "instance-00000001",
    memoryMiB: 128,
    vcpus: 1,
    directory: "/var/lib/nova/instances/00000000-0000-0000-0000-000000000001",
  };
  return {
    properties,
    image,
    scheduling: schedule(image, offers),
    unknownModes,
    mode: guestModeOf(image),
    xml: novaDomainXml(instance, image),
  };
}

function tell(ctx: CliContext, { json }: Options, answer: ReturnType<typeof contract>): number {
  const { image, scheduling, unknownModes, xml } = answer;
  const lines = [
    `image      ${pairs(image) || "no property that matters; PV by default"}`,
    `scheduling ${scheduling.chosen ? "chosen" : "not chosen"}: ${scheduling.reason}`,
    ...unknownModes.map((one) => `           Nova 22 has no name for libvirt's guest type ${one}`),
    `domain     ${indented(xml)}`,
  ];
  ctx.stdout.write(json ? `${JSON.stringify(answer, null, 2)}\n` : `${lines.join("\n")}\n`);
  return scheduling.chosen ? 0 : 1;
}

/** One element a line; what was rendered has no line breaks of its own. */
function indented(xml: string): string {
  let depth = 0;
  const lines = xml.replaceAll("><", ">\n<").split("\n");
  return lines
    .map((line) => {
      if (line.startsWith("</")) depth -= 1;
      const text = "  ".repeat(depth) + line;
      if (!line.includes("</") && !line.endsWith("/>")) depth += 1;
      return text;
    })
    .join("\n           ");
}

function pairs(values: object): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(" ");
}

function propertiesOf(given: readonly string[]): Properties {
  const found = given.map((text) => {
    const at = text.indexOf("=");
    const name = text.slice(0, Math.max(at, 0));
    if (!IMAGE_PROPERTIES.includes(name)) {
      const known = IMAGE_PROPERTIES.join(", ");
      throw new UsageInvalid(
        `--property ${text} is not NAME=VALUE with one of ${known}`,
        "xenloop metadata",
      );
    }
    return [name, text.slice(at + 1)] as const;
  });
  return Object.fromEntries(found);
}
