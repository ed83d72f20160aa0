import type { ImageProperties } from "./image-properties.ts";

/** What a host offers, as nova-compute reports it: architecture, hypervisor type, vm mode. */
export type SupportedInstance = readonly [architecture: string, type: string, mode: string];

export interface SchedulingAnswer {
  chosen: boolean;
  /** One sentence. */
  reason: string;
  /** Why Nova 22 itself would not come to this answer, where that is so. */
  note?: string;
}

/** The answer of Nova's ImagePropertiesFilter for one host. */
export function schedule(
  image: ImageProperties,
  offers: readonly SupportedInstance[],
): SchedulingAnswer {
  const wanted = [image.architecture, image.hypervisorType, image.vmMode];
  const asked = wanted.filter((value) => value !== undefined);
  if (asked.length === 0) {
    return { chosen: true, reason: "the image asks for no architecture, hypervisor or mode" };
  }
  if (offers.length === 0) return { chosen: false, reason: "the host reports nothing it supports" };
  // Nova looks for each wanted value anywhere in the offer, not in its own column.
  const fits = offers.find((offer) => asked.every((value) => offer.includes(value)));
  if (fits) return { chosen: true, reason: `the host offers ${fits.join(" ")}` };
  const missing = asked.filter((value) => !offers.some((offer) => offer.includes(value)));
  const what = missing.length > 0 ? missing.join(", ") : `${asked.join(" ")} together`;
  return { chosen: false, reason: `the host does not offer ${what}` };
}
