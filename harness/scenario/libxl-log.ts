import type { ScenarioHost } from "./scenario-host.ts";

/** What libxl has said to libvirt's driver so far, of all guests. */
export async function libxlLog(host: ScenarioHost): Promise<string> {
  return (await host.run(["cat", "/var/log/libvirt/libxl/libxl-driver.log"])).stdout;
}
