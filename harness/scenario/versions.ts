import { readHostFacts } from "../host/host-facts.ts";
import type { ScenarioHost } from "./scenario-host.ts";

/** Versions as Xen and libvirt's daemon of a live host tell them. */
export async function versionsOf(host: ScenarioHost): Promise<{ xen: string; libvirt: string }> {
  const { xen_version: xen, libvirt_version: libvirt } = await readHostFacts(host);
  return { xen, libvirt };
}
