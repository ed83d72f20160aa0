import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "../base/process.ts";
import type { BootedHost } from "./booted-host.ts";

/** Who a host is; no two booted hosts share any of it. */
export interface HostIdentity {
  hostname: string;
  machineId: string;
  /** libvirt refuses to migrate to its own UUID. */
  hostUuid: string;
  mac: string;
  /** Private ed25519 key in OpenSSH's format. */
  sshHostKey: string;
}

export async function newIdentity(hostname: string): Promise<HostIdentity> {
  const [, , third, fourth, fifth] = randomBytes(5);
  const tail = [third, fourth, fifth].map((byte = 0) => byte.toString(16).padStart(2, "0"));
  return {
    hostname,
    machineId: randomUUID().replaceAll("-", ""),
    hostUuid: randomUUID(),
    mac: `52:54:00:${tail.join(":")}`,
    sshHostKey: await newHostKey(hostname),
  };
}

async function newHostKey(comment: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "xenloop-key-"));
  try {
    const path = join(directory, "key");
    await runTool(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", path], {
      timeoutMs: 30_000,
    });
    return await readFile(path, "utf8");
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Gives a booted host its identity, the time and fresh randomness. */
export async function giveIdentity(host: BootedHost, identity: HostIdentity): Promise<void> {
  await host.run(["/usr/lib/xenloop/identity"], {
    env: {
      NAME: identity.hostname,
      MACHINE_ID: identity.machineId,
      HOST_UUID: identity.hostUuid,
      MAC: identity.mac,
      CLOCK: (Date.now() / 1000).toFixed(3),
      SSH_HOST_KEY: identity.sshHostKey,
    },
  });
}
