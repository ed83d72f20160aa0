import { daemonVersionOf } from "../rules/live.ts";
import type { ScenarioHost } from "./scenario-host.ts";

/** Versions as Xen and libvirt's daemon of a live host tell them. */
export async function versionsOf(host: ScenarioHost): Promise<{ xen: string; libvirt: string }> {
  const xen = (await host.xl(["info", "xen_version"])).stdout.trim();
  const { stdout } = await host.virsh(["version", "--daemon"]);
  return { xen, libvirt: daemonVersionOf(stdout) };
}
