import type { ScenarioHost } from "./scenario-host.ts";

/** dom0's own IPv4 address on the bridge that guests are put on. */
export async function bridgeAddress(host: ScenarioHost, bridge = "xenbr0"): Promise<string> {
  const { stdout } = await host.run(["ip", "-4", "-oneline", "address", "show", bridge]);
  const address = /inet ([\d.]+)\//.exec(stdout)?.[1];
  if (address === undefined) throw new TypeError(`${bridge} has no address: ${stdout}`);
  return address;
}
