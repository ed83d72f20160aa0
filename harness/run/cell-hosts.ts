import { join } from "node:path";
import { rm } from "node:fs/promises";
import { messageOf } from "../base/error.ts";
import { joinPair } from "../host/pair.ts";
import {
  bootHost,
  cloneHost,
  type RunningHost,
  type StartHostOptions,
} from "../host/running-host.ts";
import type { PairEnd } from "../host/host-machine.ts";
import type { CellRunOptions, PreparedHost } from "./cell-runner.ts";
import { askWhy } from "./cell-evidence.ts";
import { diskDirectory, isPair } from "./cell-folders.ts";
import { PAIR_NAMES, type PairEnds } from "./pair-ends.ts";
import { phaseClock } from "./phase-clock.ts";

export type CellHostsOptions = CellRunOptions & { directory: string };

/** Starts all hosts of a cell into `hosts`, so that the caller ends them whatever happens. */
export async function startHosts(
  options: CellHostsOptions,
  pair: PairEnds,
  hosts: RunningHost[],
): Promise<void> {
  const { cell, directory, bus } = options;
  if (!isPair(cell)) {
    hosts.push(await startHost(options, options.prepared[0], { hostname: cell.host, directory }));
    return;
  }
  const ends = await pair.make(diskDirectory(options, "shared"));
  const started = await Promise.allSettled(
    PAIR_NAMES.map((hostname, index) =>
      startHost(options, options.prepared[index], {
        hostname,
        directory: join(directory, hostname),
        pairEnd: ends[index] as PairEnd,
      }),
    ),
  );
  for (const host of started) if (host.status === "fulfilled") hosts.push(host.value);
  for (const host of started) if (host.status === "rejected") throw host.reason;
  const joined = phaseClock(bus, cell.id)("join");
  const [a, b] = hosts as [RunningHost, RunningHost];
  await joinPair(a.host, b.host);
  joined();
}

async function startHost(
  options: CellHostsOptions,
  prepared: PreparedHost | undefined,
  own: Pick<StartHostOptions, "hostname" | "directory" | "pairEnd">,
): Promise<RunningHost> {
  const { cell, runtime, bus, workspace, signal } = options;
  if (!prepared) throw new TypeError("each host of a cell is prepared");
  const clock = phaseClock(bus, cell.id);
  const prefix = own.pairEnd ? `${own.hostname} ` : "";
  const start = {
    image: prepared.image,
    runtime,
    ...own,
    diskDirectory: diskDirectory(options, own.hostname),
    signal,
    phase: (name) => clock(`${prefix}${name}`),
    onMachine: (machine) => workspace.note(machine.process.pid, machine.process.startTime),
  } satisfies StartHostOptions;
  const boot = () =>
    bootHost({ ...start, onBroken: (host) => askWhy(options, host, own.directory) });
  if (!prepared.template) return boot();
  try {
    return await cloneHost(prepared.template, start);
  } catch (error) {
    signal.throwIfAborted();
    clock.abandon();
    bus.emit("warning", {
      message: `${cell.id}: ${prefix}the clone is thrown away, a host is booted instead: ${messageOf(error)}`,
    });
    bus.emit("facts", { cell: cell.id, facts: { clone_fallback: messageOf(error) } });
    await rm(start.diskDirectory, { recursive: true, force: true });
    return boot();
  }
}
