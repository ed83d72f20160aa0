import { join } from "node:path";
import type { PairEnd } from "../host/host-machine.ts";
import type { LiveHost } from "../host/live-host.ts";
import { joinPair } from "../host/pair.ts";
import type { HostStart, PreparedHost } from "./backend.ts";
import type { CellRunOptions } from "./cell-runner.ts";
import { askWhy } from "./cell-evidence.ts";
import { diskDirectory, isPair } from "./cell-folders.ts";
import { PAIR_NAMES, type PairEnds } from "./pair-ends.ts";
import { phaseClock } from "./phase-clock.ts";

export type CellHostsOptions = CellRunOptions & { directory: string };

/** Starts all hosts of a cell into `hosts`, so that the caller ends them whatever happens. */
export async function startHosts(
  options: CellHostsOptions,
  pair: PairEnds,
  hosts: LiveHost[],
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
  const [a, b] = hosts as [LiveHost, LiveHost];
  await joinPair(a.host, b.host);
  joined();
}

async function startHost(
  options: CellHostsOptions,
  prepared: PreparedHost | undefined,
  own: Pick<HostStart, "hostname" | "directory" | "pairEnd">,
): Promise<LiveHost> {
  if (!prepared) throw new TypeError("each host of a cell is prepared");
  const { cell, workspace, bus, signal, onMachine } = options;
  return prepared.start({
    ...{ cell, workspace, bus, signal, onMachine },
    ...own,
    diskDirectory: diskDirectory(options, own.hostname),
    onBroken: (host, isClone) => askWhy(options, host, own.directory, isClone),
  });
}
