import type { HostOffers } from "./capabilities.ts";
import { readImageProperties, type ImageProperties } from "./image-properties.ts";
import { guestModeOf, novaDomainXml, type NovaInstance } from "./nova-domain.ts";
import { schedule, type SchedulingAnswer } from "./scheduling.ts";

export type Properties = Readonly<Record<string, string>>;

/** What becomes of an image on a host, up to its domain. */
export interface Contract {
  properties: Properties;
  image: ImageProperties;
  scheduling: SchedulingAnswer;
  /** Guest types of the host that Nova 22 has no name for. */
  unknownModes: string[];
  mode: string;
  instance: NovaInstance;
  xml: string;
}

/** A Xen host as OpenStack's page means it. */
export const PV_AND_HVM: HostOffers = {
  offers: [
    ["x86_64", "xen", "xen"],
    ["i686", "xen", "hvm"],
    ["x86_64", "xen", "hvm"],
  ],
  unknownModes: [],
};

/** The n-th instance of a small flavor with one card, named as Nova names them. */
export function novaInstance(number: number): NovaInstance {
  const hex = number.toString(16);
  const uuid = `00000000-0000-0000-0000-${hex.padStart(12, "0")}`;
  return {
    uuid,
    name: `instance-${hex.padStart(8, "0")}`,
    memoryMiB: 128,
    vcpus: 1,
    directory: `/var/lib/nova/instances/${uuid}`,
    nic: {
      mac: `fa:16:3e:00:00:${hex.padStart(2, "0")}`,
      bridge: "xenbr0",
      device: `tap${hex.padStart(8, "0")}-00`,
    },
  };
}

/** @throws {ImagePropertyInvalid | HardwareUnsupported} where Nova refuses the image */
export function contractOf(
  properties: Properties,
  offered: HostOffers,
  instance = novaInstance(1),
): Contract {
  const image = readImageProperties(properties);
  return {
    properties,
    image,
    scheduling: answerOf(image, offered),
    unknownModes: offered.unknownModes,
    mode: guestModeOf(image),
    instance,
    xml: novaDomainXml(instance, image),
  };
}

/** Nova 22 gives up all of a host's capabilities where it has no name for one of their types. */
function answerOf(image: ImageProperties, { offers, unknownModes }: HostOffers): SchedulingAnswer {
  const answer = schedule(image, offers);
  if (unknownModes.length === 0) return answer;
  const why = `it has no name for libvirt's guest type ${unknownModes.join(", ")}`;
  return { ...answer, note: `Nova 22 itself reports nothing of this host: ${why}` };
}
