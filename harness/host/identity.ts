import { randomBytes, randomUUID } from "node:crypto";
import type { BootedHost } from "./booted-host.ts";
import { newSshKey, type SshKey } from "./ssh-key.ts";

/** Who a host is; no two booted hosts share any of it. */
export interface HostIdentity {
  hostname: string;
  machineId: string;
  /** libvirt refuses to migrate to its own UUID. */
  hostUuid: string;
  mac: string;
  sshHostKey: SshKey;
}

const SEED_BYTES = 64;
const RESTART_MS = 60_000;

export function newIdentity(hostname: string): HostIdentity {
  const tail = [...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, "0"));
  return {
    hostname,
    machineId: randomUUID().replaceAll("-", ""),
    hostUuid: randomUUID(),
    mac: `52:54:00:${tail.join(":")}`,
    sshHostKey: newSshKey(hostname),
  };
}

/** Gives a booted host its identity, the time and fresh randomness. */
export async function giveIdentity(host: BootedHost, identity: HostIdentity): Promise<void> {
  const { stdout } = await host.run(["xenloop:identity"], {
    env: {
      NAME: identity.hostname,
      MACHINE_ID: identity.machineId,
      HOST_UUID: identity.hostUuid,
      MAC: identity.mac,
      SSH_HOST_KEY: identity.sshHostKey.privateKey,
      SSH_HOST_KEY_PUB: identity.sshHostKey.publicKey,
      SEED: randomBytes(SEED_BYTES).toString("hex"),
      CLOCK: (Date.now() / 1000).toFixed(3),
    },
  });
  // Of a boot; the daemon in a clone of a template has been given its UUID by now.
  if (stdout.trim() === "restart") await restartLibvirt(host);
}

/** systemd hands over the TCP socket at the daemon's start and never later. */
async function restartLibvirt(host: BootedHost): Promise<void> {
  for (const step of [
    ["stop", "libvirtd.service"],
    ["start", "libvirtd-tcp.socket"],
    ["start", "libvirtd.service"],
  ]) {
    await host.run(["systemctl", ...step], { timeoutMs: RESTART_MS });
  }
}

/**
 * Has the agent note where libvirt's daemon keeps its host UUID, so that a clone's can be
 * changed without a restart. Gives the number of places; with 0 a clone restarts its daemon.
 */
export async function rememberLibvirt(host: BootedHost, { hostUuid }: HostIdentity) {
  const { stdout } = await host.run(["xenloop:remember-libvirt"], { env: { HOST_UUID: hostUuid } });
  return Number(stdout);
}
