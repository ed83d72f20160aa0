import { DOMParser } from "@xmldom/xmldom";
import { architectureOf, hypervisorTypeOf, vmModeOf } from "./names.ts";
import type { SupportedInstance } from "./scheduling.ts";

export interface HostOffers {
  offers: SupportedInstance[];
  /** Guest types of libvirt that Nova 22 has no name for. */
  unknownModes: string[];
}

/** What libvirt's capabilities offer to Nova's scheduler. */
export function hostOffers(capabilities: string): HostOffers {
  const document = new DOMParser().parseFromString(capabilities, "text/xml");
  const offers: SupportedInstance[] = [];
  const unknownModes = new Set<string>();
  for (const guest of document.getElementsByTagName("guest")) {
    const mode = guest.getElementsByTagName("os_type").item(0)?.textContent ?? "";
    const architecture = guest.getElementsByTagName("arch").item(0)?.getAttribute("name") ?? "";
    for (const domain of guest.getElementsByTagName("domain")) {
      const type = domain.getAttribute("type") ?? "";
      const offer = named(architecture, type, mode);
      if (offer) offers.push(offer);
      else unknownModes.add(mode);
    }
  }
  return { offers, unknownModes: [...unknownModes] };
}

function named(architecture: string, type: string, mode: string): SupportedInstance | undefined {
  try {
    return [architectureOf(architecture), hypervisorTypeOf(type), vmModeOf(mode)];
  } catch {
    return undefined;
  }
}
