import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { failureOf, XenloopError } from "../base/error.ts";
import type { EventBus } from "../events/bus.ts";
import type { Facts, PlannedCell } from "../events/schema.ts";
import type { LiveHost } from "../host/live-host.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { Verdict } from "../verdict/judge.ts";
import type { Observation } from "../verdict/observation.ts";
import { keepItem } from "./evidence-item.ts";
import { cellFolder } from "./run-directory.ts";

/** A verdict that needs no host, with the files that show it. */
export interface Judgement extends Verdict {
  ms: number;
  /** Absolute paths, by kind. */
  evidence: Readonly<Record<string, string>>;
  comments?: readonly string[];
}

/** What is put on the hosts of a run's cells before their scenarios see them. */
export interface Dress {
  /** Makes what the cells need, between the start of the run and its first host. */
  prepare(bus: EventBus): Promise<void>;
  /** The verdict on a cell that needs no host, or cannot have one. */
  judge(cell: PlannedCell): Judgement | undefined;
  /** What a cell's host is booted with, where that is not what its file says. */
  bootOf(cell: PlannedCell, spec: HostSpec): HostSpec;
  /**
   * Changes one host of a cell. An error of kind `assertion` is the fault of what is put on it,
   * and fails the cell.
   */
  apply(cell: PlannedCell, host: LiveHost): Promise<Facts>;
}

/** Ends a cell that needs no host. */
export async function endJudged(
  cell: PlannedCell,
  { ms, evidence, comments = [], ...verdict }: Judgement,
  { bus, runPath }: { bus: EventBus; runPath: string },
): Promise<void> {
  bus.emit("cell-started", { cell: cell.id, attempt: 1 });
  const directory = join(runPath, "cells", cellFolder(cell.id), "attempt-1");
  for (const [kind, path] of Object.entries(evidence)) {
    await mkdir(directory, { recursive: true });
    const kept = join(directory, `${kind}.log`);
    await copyFile(path, kept);
    await keepItem({ bus, cell, attempt: 1, runPath }, kind, kept);
  }
  for (const text of comments) bus.emit("comment", { cell: cell.id, text });
  bus.emit("cell-ended", { cell: cell.id, attempt: 1, ...verdict, ms });
}

/** Dresses the hosts of a cell; false when that ends it, as is then noted. */
export async function dressHosts(
  dress: Dress,
  cell: PlannedCell,
  hosts: readonly LiveHost[],
  seen: Observation,
): Promise<Facts | undefined> {
  try {
    const facts = await Promise.all(hosts.map((host) => dress.apply(cell, host)));
    return facts[0] ?? {};
  } catch (error) {
    if (!(error instanceof XenloopError) || error.kind !== "assertion") throw error;
    const { message, code } = failureOf(error);
    seen.thrown = { kind: "assertion", message, code };
    return undefined;
  }
}
