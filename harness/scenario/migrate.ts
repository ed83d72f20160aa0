import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { RunningGuest } from "../guest/running-guest.ts";
import { XEN_URI } from "../host/booted-host.ts";
import { continuity, type Continuity } from "./continuity.ts";
import { readJobInfos, type JobInfo } from "./job-info.ts";
import type { ScenarioHost } from "./scenario-host.ts";

const MIGRATE_TIMEOUT_MS = 240_000;
const POLL_MS = 500;
/** Ticks awaited on the new host: enough to see the guest go on and its memory verified. */
const TICKS_AFTER = 2;

export interface MigrateOptions {
  /** Options of `virsh migrate`, such as `--p2p`. */
  flags: readonly string[];
  /** `false` stops the guest first and sends it then; it runs meanwhile unless told. */
  live?: boolean;
  /** Destination; libvirt over TCP by the other host's name unless told. */
  uri?: string;
  /** Done as soon as the guest is on its new host, before it is awaited there. */
  onArrival?: (guest: RunningGuest) => Promise<void>;
}

/** A guest that has moved, and what was seen of it meanwhile. */
export interface Migration {
  /** The guest on its new host. */
  guest: RunningGuest;
  /** What `virsh migrate` took, in milliseconds of the outer machine. */
  totalMs: number;
  /** What the source sent over the wire meanwhile. */
  sentKiB: number;
  jobs: readonly JobInfo[];
  continuity: Continuity;
}

/** Migrates a live guest and watches it. @throws {DomZeroCommandFailed} with libvirt's words */
export async function migrate(
  guest: RunningGuest,
  from: ScenarioHost,
  to: ScenarioHost,
  { onArrival, ...options }: MigrateOptions,
): Promise<Migration> {
  const consoleStart = await to.consoleBytes(guest.name);
  const sentBefore = await sentBytes(from);
  const started = performance.now();
  const { jobs } = await watchJob(from, guest.name, () =>
    from.virsh(migrateArgv(guest.name, to, options), { timeoutMs: MIGRATE_TIMEOUT_MS }),
  );
  const totalMs = performance.now() - started;
  const sent = (await sentBytes(from)) - sentBefore;
  const arrived = to.follow(guest.definition, consoleStart);
  await onArrival?.(arrived);
  await arrived.tick((guest.lastTick ?? 0) + TICKS_AFTER);
  return {
    guest: arrived,
    totalMs,
    sentKiB: Math.round(sent / 1024),
    jobs,
    continuity: consoleContinuity(guest, arrived),
  };
}

/** What the counter of a guest says across its stays on two hosts; of one, when it has not moved. */
export function consoleContinuity(guest: RunningGuest, arrived: RunningGuest): Continuity {
  const { consoleText } = guest;
  return arrived === guest
    ? continuity("", consoleText)
    : continuity(consoleText, arrived.consoleText);
}

/** What virsh is told; the destination is libvirt over TCP by the other host's name. */
export function migrateArgv(
  name: string,
  to: ScenarioHost,
  { flags, live = true, uri = `xen+tcp://${to.hostname}/system` }: MigrateOptions,
): string[] {
  return ["migrate", ...(live ? ["--live"] : []), ...flags, name, uri];
}

/**
 * Asks for a domain's job each half second, as Nova's monitor does, until the work is over. One
 * virsh asks for all of it: a new one each time would take from dom0 what the migration needs.
 */
export async function watchJob<T>(
  host: ScenarioHost,
  name: string,
  work: () => Promise<T>,
): Promise<{ result: T; jobs: JobInfo[] }> {
  const over = new AbortController();
  async function* questions(): AsyncGenerator<string> {
    while (!over.signal.aborted) {
      yield `domjobinfo ${name}\n`;
      await delay(POLL_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
    // What a monitor finds that comes late.
    yield `domjobinfo ${name}\n`;
  }
  const asking = host.run(["sh", "-c", `exec stdbuf -oL virsh --connect ${XEN_URI} 2>&1`], {
    input: Readable.from(questions()),
    timeoutMs: MIGRATE_TIMEOUT_MS * 2,
    anyStatus: true,
  });
  const [result, answers] = await Promise.all([work().finally(() => over.abort()), asking]);
  return { result, jobs: readJobInfos(answers.stdout) };
}

async function sentBytes(host: ScenarioHost): Promise<number> {
  return Number((await host.run(["cat", "/sys/class/net/eth1/statistics/tx_bytes"])).stdout);
}
