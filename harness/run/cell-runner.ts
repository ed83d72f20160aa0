import { join } from "node:path";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { failureOf, messageOf } from "../base/error.ts";
import type { EventBus } from "../events/bus.ts";
import type { EvidenceItem, Facts, PlannedCell } from "../events/schema.ts";
import type { BootedHost } from "../host/booted-host.ts";
import type { AttemptStatus } from "../events/status.ts";
import { collectEvidence } from "../host/evidence.ts";
import type { HostFacts } from "../host/host-facts.ts";
import {
  bootHost,
  cloneHost,
  type HostRuntime,
  type RunningHost,
  type StartHostOptions,
  type TemplateFiles,
} from "../host/running-host.ts";
import type { Workspace } from "../host/workspace.ts";
import type { HostImage } from "../image/host-image.ts";
import { evidenceText } from "../known/evidence-text.ts";
import { judge } from "../verdict/judge.ts";
import type { Observation } from "../verdict/observation.ts";
import { runChild } from "./child.ts";
import { messageEvents } from "./child-events.ts";
import { consoleTail, TAIL_LINES } from "./console-tail.ts";
import { keepItem } from "./evidence-item.ts";
import type { KnownIssues } from "./known-issues.ts";
import { phaseClock } from "./phase-clock.ts";
import { cellFolder } from "./run-directory.ts";

/** What one host's cells are run with. */
export interface PreparedHost {
  image: HostImage;
  /** Undefined when cells boot cold. */
  template: TemplateFiles | undefined;
}

export interface CellRunOptions {
  cell: PlannedCell;
  attempt: number;
  scenarioFile: string;
  prepared: PreparedHost;
  runtime: HostRuntime;
  bus: EventBus;
  runPath: string;
  workspace: Workspace;
  known: KnownIssues;
  signal: AbortSignal;
  /** Leaves the host running when this says so; it then owns it. */
  keep(status: string, host: RunningHost): Promise<boolean>;
}

const ATTACH_TIMEOUT_MS = 30_000;

/** Runs one attempt at a cell: host, scenario, evidence, verdict. Never throws. */
export async function runCell(options: CellRunOptions): Promise<AttemptStatus> {
  const { cell, attempt, bus, runPath, signal } = options;
  const started = performance.now();
  bus.emit("cell-started", { cell: cell.id, attempt });
  const directory = join(runPath, "cells", cellFolder(cell.id), `attempt-${attempt}`);
  const seen: Observation = { interrupted: false, assertions: [] };
  let running: RunningHost | undefined;
  try {
    running = await startHost(options, directory);
    emitFacts(options, running);
    await runScenario(options, running, directory, seen);
  } catch (error) {
    noteFailure(seen, error, signal);
  }
  if (signal.aborted) seen.interrupted = true;
  const verdict = judge(seen);
  const excerpt = running
    ? running.machine.serial.lastLines(TAIL_LINES)
    : await consoleTail(join(directory, "serial.log"));
  const evidence = await wrapUp(options, running, directory, verdict.status);
  await options.known.look(cell, attempt, verdict.status, {
    facts: running ? factsOf(options, running) : {},
    reason: verdict.reason,
    assertions: seen.assertions.filter(({ ok }) => !ok),
    evidence: evidenceText(runPath, evidence),
  });
  bus.emit("cell-ended", {
    cell: cell.id,
    attempt,
    ...verdict,
    ms: performance.now() - started,
    ...(verdict.status !== "passed" &&
      verdict.status !== "skipped" &&
      excerpt.length > 0 && { excerpt }),
  });
  return verdict.status;
}

function noteFailure(seen: Observation, error: unknown, signal: AbortSignal): void {
  if (signal.aborted) return;
  seen.hostFailure = failureOf(error);
}

async function startHost(options: CellRunOptions, directory: string): Promise<RunningHost> {
  const { cell, prepared, runtime, bus, workspace, signal, attempt } = options;
  const name = cellFolder(cell.id);
  const phase = phaseClock(bus, cell.id);
  const start: StartHostOptions = {
    image: prepared.image,
    runtime,
    hostname: cell.host,
    directory,
    diskDirectory: join(workspace.path, `${name}-${attempt}`),
    signal,
    phase,
    onMachine: (machine) => workspace.note(machine.process.pid, machine.process.startTime),
  };
  const boot = () => bootHost({ ...start, onBroken: (host) => askWhy(options, host, directory) });
  if (!prepared.template) return boot();
  try {
    return await cloneHost(prepared.template, start);
  } catch (error) {
    signal.throwIfAborted();
    phase.abandon();
    bus.emit("warning", {
      message: `${cell.id}: the clone is thrown away, a host is booted instead: ${messageOf(error)}`,
    });
    bus.emit("facts", { cell: cell.id, facts: { clone_fallback: messageOf(error) } });
    await rm(start.diskDirectory ?? directory, { recursive: true, force: true });
    return boot();
  }
}

function emitFacts(options: CellRunOptions, running: RunningHost): void {
  options.bus.emit("facts", { cell: options.cell.id, facts: factsOf(options, running) });
}

function factsOf({ runtime }: CellRunOptions, { facts, started }: RunningHost): Facts {
  const { xen_version, libvirt_version, dom0_kernel, virt_caps }: HostFacts = facts;
  return {
    xen_version,
    libvirt_version,
    dom0_kernel,
    virt_caps,
    cpu_model: runtime.profile.cpu,
    host_started: started,
  };
}

/** Evidence of a host that answers but did not come up; nobody else gets to see it. */
async function askWhy(options: CellRunOptions, host: BootedHost, directory: string): Promise<void> {
  const found = await collectEvidence(host, {
    directory,
    full: true,
    onProblem: (text) => options.bus.emit("comment", { cell: options.cell.id, text }),
  });
  for (const { kind, path } of found) await keepItem(options, kind, path);
}

async function runScenario(
  options: CellRunOptions,
  running: RunningHost,
  directory: string,
  seen: Observation,
): Promise<void> {
  const { cell, attempt, bus, runtime, signal } = options;
  // The child takes the channel over; one process at a time holds it.
  await running.host.detach();
  await mkdir(directory, { recursive: true });
  const aborted = new Promise<void>((resolve) => {
    // An event that is past does not come again.
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const lost = running.machine.fatal.then((fatal) => {
    seen.hostFailure = {
      message: `host ${cell.host} is lost: ${fatal.sentence}`,
      code: "HOST_LOST",
    };
  });
  const outcome = await runChild({
    job: {
      scenarioFile: options.scenarioFile,
      title: cell.title,
      handles: [running.handle],
      axes: cell.axes,
      evidenceDirectory: directory,
      attachTimeoutMs: ATTACH_TIMEOUT_MS * runtime.timeFactor,
    },
    logFile: join(directory, "scenario.log"),
    deadlineMs: cell.deadlineSeconds * 1000,
    stop: Promise.race([aborted, lost]),
    onAssertion: (assertion) => {
      seen.assertions.push(assertion);
      bus.emit("assertion", { cell: cell.id, attempt, ...assertion });
    },
    onMessage: messageEvents(bus, cell.id),
  });
  Object.assign(seen, outcome);
}

async function wrapUp(
  options: CellRunOptions,
  running: RunningHost | undefined,
  directory: string,
  status: string,
): Promise<EvidenceItem[]> {
  const { cell, attempt, bus, workspace, signal } = options;
  const items: EvidenceItem[] = [];
  const problem = (message: string): void => bus.emit("comment", { cell: cell.id, text: message });
  const item = async (kind: string, path: string): Promise<void> => {
    const found = await keepItem(options, kind, path);
    if (found) items.push(found);
  };
  const dead = await hasDied(running);
  if (running && !dead && !signal.aborted) {
    const collecting = phaseClock(bus, cell.id)("evidence");
    try {
      const host = await running.reattach();
      const full = status !== "passed" && status !== "skipped";
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
    collecting();
  }
  if (running && (dead || signal.aborted || !(await options.keep(status, running)))) {
    await running.stop();
    const disk = join(workspace.path, `${cellFolder(cell.id)}-${attempt}`);
    await rm(disk, { recursive: true, force: true });
  }
  if (options.prepared.template && running?.started === "clone") {
    const path = join(directory, "boot-serial.log");
    try {
      await copyFile(options.prepared.template.serial, path);
      await item("boot-serial", path);
    } catch (error) {
      problem(`the console of the template's boot is missing: ${messageOf(error)}`);
    }
  }
  await item("serial", join(directory, "serial.log"));
  await item("qemu-command", join(directory, "qemu-command.txt"));
  await item("qemu-log", join(directory, "qemu.log"));
  await item("scenario-log", join(directory, "scenario.log"));
  return items;
}

/** Whether the machine is known to be dead at this moment. */
async function hasDied(running: RunningHost | undefined): Promise<boolean> {
  if (!running) return false;
  const alive = Symbol("alive");
  return (await Promise.race([running.machine.fatal, Promise.resolve(alive)])) !== alive;
}
