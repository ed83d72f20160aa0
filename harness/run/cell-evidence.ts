import { join } from "node:path";
import { copyFile, rm } from "node:fs/promises";
import { messageOf } from "../base/error.ts";
import type { EvidenceItem } from "../events/schema.ts";
import { isRed, type AttemptStatus } from "../events/status.ts";
import type { BootedHost } from "../host/booted-host.ts";
import { collectEvidence } from "../host/evidence.ts";
import type { LiveHost } from "../host/live-host.ts";
import { diskDirectory, hostFolders, isPair } from "./cell-folders.ts";
import type { CellHostsOptions } from "./cell-hosts.ts";
import type { CellRunOptions } from "./cell-runner.ts";
import { cloneFolder, cloneKind, MACHINE_LOGS } from "./clone-evidence.ts";
import { keepItem } from "./evidence-item.ts";
import { phaseClock } from "./phase-clock.ts";

type KeepItem = (kind: string, path: string) => Promise<void>;

/** Collects the evidence of a cell's hosts, then ends or keeps them. */
export async function wrapUp(
  options: CellHostsOptions,
  hosts: readonly LiveHost[],
  status: AttemptStatus,
): Promise<{ evidence: EvidenceItem[]; kept: boolean }> {
  const { directory, cell } = options;
  const evidence: EvidenceItem[] = [];
  const item: KeepItem = async (kind, path) => {
    const kept = await keepItem(options, kind, path);
    if (kept) evidence.push(kept);
  };
  const collecting = phaseClock(options.bus, cell.id)("evidence");
  const kept = await Promise.all(
    hosts.map((host, index) =>
      endHost(options, host, { status, item, bootLog: options.prepared[index]?.bootLog }),
    ),
  );
  collecting();
  // A host that never came up leaves its logs as well.
  for (const folder of hostFolders(cell)) {
    const own = join(directory, folder);
    await item("boot-serial", join(own, "boot-serial.log"));
    for (const [kind, file] of MACHINE_LOGS) {
      await item(kind, join(own, file));
      await item(cloneKind(kind), join(cloneFolder(own), file));
    }
  }
  await item("scenario-log", join(directory, "scenario.log"));
  return { evidence, kept: kept.includes(true) };
}

async function endHost(
  options: CellHostsOptions,
  running: LiveHost,
  { status, item, bootLog }: { status: AttemptStatus; item: KeepItem; bootLog: string | undefined },
): Promise<boolean> {
  const { cell, bus, signal } = options;
  const { hostname } = running.handle;
  const pair = isPair(cell);
  const directory = pair ? join(options.directory, hostname) : options.directory;
  const problem = (text: string): void =>
    bus.emit("comment", { cell: cell.id, text: pair ? `${hostname}: ${text}` : text });
  const dead = await hasDied(running);
  if (status === "timedout" && !dead && !signal.aborted) {
    await running.interrogate(directory);
  }
  if (!dead && !signal.aborted) {
    const full = isRed(status);
    try {
      const host = await running.reattach();
      for (const { kind, path } of await collectEvidence(host, {
        directory,
        full,
        onProblem: problem,
      })) {
        await item(kind, path);
      }
    } catch (error) {
      problem(`evidence of dom0 is missing: ${messageOf(error)}`);
    }
  }
  const kept = !dead && !signal.aborted && (await options.keep(status, running));
  if (!kept) {
    await running.stop();
    await rm(diskDirectory(options, hostname), { recursive: true, force: true });
  }
  if (bootLog !== undefined && running.started === "clone") {
    const path = join(directory, "boot-serial.log");
    await copyFile(bootLog, path).catch((error: unknown) => {
      problem(`the console of the template's boot is missing: ${messageOf(error)}`);
    });
  }
  return kept;
}

/**
 * Evidence of a host that answers but did not come up; nobody else gets to see it. That of a clone
 * (`isClone`) is kept apart from that of the host booted in its place.
 */
export async function askWhy(
  options: CellRunOptions,
  host: BootedHost,
  directory: string,
  isClone: boolean,
): Promise<void> {
  const found = await collectEvidence(host, {
    directory: isClone ? cloneFolder(directory) : directory,
    full: true,
    onProblem: (text) => options.bus.emit("comment", { cell: options.cell.id, text }),
  });
  for (const { kind, path } of found) {
    await keepItem(options, isClone ? cloneKind(kind) : kind, path);
  }
}

/** Whether the host is known to be dead at this moment. */
async function hasDied(running: LiveHost): Promise<boolean> {
  const alive = Symbol("alive");
  return (await Promise.race([running.lost, Promise.resolve(alive)])) !== alive;
}
