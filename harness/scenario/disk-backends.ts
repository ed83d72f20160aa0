import type { ScenarioHost } from "./scenario-host.ts";

export interface DiskBackend {
  /** Kind of the node in xenstore: `vbd` is blkback, `qdisk` is QEMU. */
  kind: string;
  /** What QEMU takes the image for, such as `aio` or `qcow2`; empty for blkback. */
  format: string;
  params: string;
}

/** The backend that libxl chose for each disk of a running guest, by target. */
export async function diskBackends(
  host: ScenarioHost,
  guest: string,
): Promise<Map<string, DiskBackend>> {
  const id = (await host.virsh(["domid", guest])).stdout.trim();
  const { stdout } = await host.run(["xenstore-ls", "-f", "/local/domain/0/backend"]);
  return parseDiskBackends(stdout, id);
}

/** `listing` is what `xenstore-ls -f` prints. */
export function parseDiskBackends(listing: string, domid: string): Map<string, DiskBackend> {
  const nodes = new Map<string, Record<string, string>>();
  const line = /\/backend\/([^/]+)\/(\d+)\/(\d+)\/(dev|params) = "(.*)"$/gm;
  for (const [, kind = "", id, device = "", key = "", value = ""] of listing.matchAll(line)) {
    if (id !== domid) continue;
    const node = nodes.get(device) ?? { kind };
    node[key] = value;
    nodes.set(device, node);
  }
  const disks = new Map<string, DiskBackend>();
  for (const { kind = "", dev, params = "" } of nodes.values()) {
    const format = kind === "qdisk" ? (params.split(":")[0] ?? "") : "";
    if (dev !== undefined) disks.set(dev, { kind, format, params });
  }
  return disks;
}
