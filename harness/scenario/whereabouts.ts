import { setTimeout as delay } from "node:timers/promises";
import { inRange } from "../rules/version.ts";
import type { ScenarioHost } from "./scenario-host.ts";

const BETWEEN_LOOKS_MS = 500;
/** A daemon that waits for a guest takes its time to stop. */
const RESTART_MS = 120_000;

/** What some hosts have of a guest. */
export interface Whereabouts {
  /** Names of the hosts on which Xen runs it. */
  running: string[];
  /** Whatever else there is of it, such as `xen-b: pvh-guest-0--incoming is paused`. */
  remains: string[];
}

/** What one host was asked. */
export interface Listing {
  hostname: string;
  /** Of `xl list`. */
  xen: string;
  /** Of `virsh list --all`. */
  libvirt: string;
}

/** Everything that Xen and libvirt of some hosts have of a guest. */
export function readWhereabouts(name: string, listings: readonly Listing[]): Whereabouts {
  const found: Whereabouts = { running: [], remains: [] };
  for (const { hostname, ...listing } of listings) {
    const xen = readXlList(listing.xen, name);
    const libvirt = readVirshList(listing.libvirt, name);
    const runs = xen.get(name)?.state === "running";
    if (runs) found.running.push(hostname);
    for (const [domain, { state }] of xen) {
      if (domain !== name || state !== "running") {
        found.remains.push(`${hostname}: ${domain} is ${state}`);
      }
    }
    if (libvirt !== (runs ? "running" : undefined)) {
      found.remains.push(`${hostname}: libvirt says ${libvirt ?? "there is none"}`);
    }
  }
  return found;
}

/** Looks until the guest runs once and nothing else is there of it, or the time is over. */
export async function settled(
  name: string,
  hosts: readonly ScenarioHost[],
  timeoutMs: number,
): Promise<Whereabouts> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const found = readWhereabouts(name, await Promise.all(hosts.map(listing)));
    const clean = found.running.length === 1 && found.remains.length === 0;
    if (clean || performance.now() > until) return found;
    await delay(BETWEEN_LOOKS_MS);
  }
}

/** One line: where it runs, and what else there is. */
export function describe({ running, remains }: Whereabouts): string {
  const where = running.length === 0 ? "runs nowhere" : `runs on ${running.join(" and ")}`;
  return [where, ...remains].join("; ");
}

/** The same in the words of any migration: hosts are source and destination, the guest is GUEST. */
export function describeMove(
  name: string,
  source: ScenarioHost,
  destination: ScenarioHost,
  found: Whereabouts,
): string {
  return describe(found)
    .replaceAll(source.hostname, "source")
    .replaceAll(destination.hostname, "destination")
    .replaceAll(name, "GUEST");
}

/** Ends what is left of a guest on a host where it should not be, and has libvirt see that. */
export async function clearRemains(name: string, host: ScenarioHost): Promise<void> {
  await host.run(["systemctl", "restart", "libvirtd.service"], { timeoutMs: RESTART_MS });
  const { stdout } = await host.xl(["list"]);
  for (const [domain, { id }] of readXlList(stdout, name)) {
    if (domain.startsWith(name)) await host.xl(["destroy", id]);
  }
}

/**
 * Whether a libvirt calls a guest paused that its destination has refused, and that runs (K71).
 * Hosts with 9.0 on Xen 4.17 do, those with 11.3 on Xen 4.20 do not: it may be Xen that counts.
 */
export const callsPaused = (libvirt: string): boolean => inRange(libvirt, "<11.3.0");

/**
 * Sets right what libvirt calls paused and Xen runs. Xen has nothing to resume there, and
 * `virsh resume` alone fails: the guest is paused for real first.
 */
export async function setCalledPausedRight(name: string, host: ScenarioHost): Promise<void> {
  const state = (await host.virsh(["domstate", name])).stdout.trim();
  if (state !== "paused") return;
  const listing = (await host.xl(["list", name])).stdout;
  if (readXlList(listing, name).get(name)?.state === "running") await host.xl(["pause", name]);
  await host.virsh(["resume", name]);
}

async function listing(host: ScenarioHost): Promise<Listing> {
  const xen = (await host.xl(["list"])).stdout;
  const libvirt = (await host.virsh(["list", "--all"])).stdout;
  return { hostname: host.hostname, xen, libvirt };
}

/** The domains whose name begins with a guest's, from what `xl list` prints. */
function readXlList(listing: string, name: string): Map<string, { id: string; state: string }> {
  const domains = new Map<string, { id: string; state: string }>();
  for (const line of listing.split("\n")) {
    const [domain = "", id = "", , , flags = ""] = line.trim().split(/\s+/);
    if (!domain.startsWith(name) && domain !== "(null)") continue;
    domains.set(domain, { id, state: stateOf(flags) });
  }
  return domains;
}

/** Letters of `xl list`: blocked and running are alive, and so is one that is neither just now. */
function stateOf(flags: string): string {
  if (flags.includes("d")) return "dying";
  if (flags.includes("c")) return "crashed";
  if (flags.includes("s")) return "suspended";
  return flags.includes("p") ? "paused" : "running";
}

function readVirshList(listing: string, name: string): string | undefined {
  for (const line of listing.split("\n")) {
    const [, domain, ...state] = line.trim().split(/\s+/);
    if (domain === name) return state.join(" ");
  }
  return undefined;
}
