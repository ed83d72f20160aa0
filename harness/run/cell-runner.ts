import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import { failureOf, XenloopError } from "../base/error.ts";
import type { EventBus } from "../events/bus.ts";
import type { Facts, PlannedCell } from "../events/schema.ts";
import { isRed } from "../events/status.ts";
import type { HostFacts } from "../host/host-facts.ts";
import type { LiveHost } from "../host/live-host.ts";
import type { Workspace } from "../host/workspace.ts";
import { MachineControl } from "../machine/machine-control.ts";
import { evidenceText } from "../known/evidence-text.ts";
import { diagnose } from "../verdict/diagnose.ts";
import { judge, type Verdict } from "../verdict/judge.ts";
import type { Observation } from "../verdict/observation.ts";
import type { PreparedHost } from "./backend.ts";
import { wrapUp } from "./cell-evidence.ts";
import { hostFolders } from "./cell-folders.ts";
import { startHosts, type CellHostsOptions } from "./cell-hosts.ts";
import { ScenarioChild } from "./child.ts";
import { messageEvents } from "./child-events.ts";
import { consoleTail, TAIL_LINES } from "./console-tail.ts";
import { dressHosts, type Dress } from "./dress.ts";
import type { KnownIssues } from "./known-issues.ts";
import { PairEnds } from "./pair-ends.ts";
import { phaseClock } from "./phase-clock.ts";
import { cellFolder } from "./run-directory.ts";
import type { MachineProcess } from "./taken-memory.ts";

export interface CellRunOptions {
  cell: PlannedCell;
  attempt: number;
  scenarioFile: string;
  /** One a host of the cell. */
  prepared: readonly PreparedHost[];
  bus: EventBus;
  runPath: string;
  workspace: Workspace;
  known: KnownIssues;
  signal: AbortSignal;
  keepsGuests: boolean;
  dress?: Dress | undefined;
  /** Told of each machine of this run's that the cell takes. */
  onMachine?: ((machine: MachineProcess) => void) | undefined;
  /** Leaves the host running when this says so; it then owns it. */
  keep(status: string, host: LiveHost): Promise<boolean>;
}

const ATTACH_TIMEOUT_MS = 30_000;

/** Its verdict, and whether the emulator may have spoilt it. */
export interface AttemptEnd extends Verdict {
  doubtful: boolean;
}

/** Runs one attempt at a cell: host, scenario, evidence, verdict. Never throws. */
export async function runCell(options: CellRunOptions): Promise<AttemptEnd> {
  const { cell, attempt, bus, runPath, signal } = options;
  const started = performance.now();
  bus.emit("cell-started", { cell: cell.id, attempt });
  const directory = join(runPath, "cells", cellFolder(cell.id), `attempt-${attempt}`);
  const seen: Observation = { interrupted: false, assertions: [] };
  const hosts: LiveHost[] = [];
  const pair = new PairEnds();
  try {
    await mkdir(directory, { recursive: true });
    await using child = new ScenarioChild(options.scenarioFile, join(directory, "scenario.log"));
    await startHosts({ ...options, directory }, pair, hosts);
    emitFacts(options, hosts);
    const put = await dressed(options, hosts, seen);
    if (put) await runScenario({ ...options, directory }, { child, hosts, put }, seen);
  } catch (error) {
    noteFailure(seen, error, signal);
  }
  if (signal.aborted) seen.interrupted = true;
  const judged = judge(seen);
  const [first] = hosts;
  const excerpt = first
    ? first.consoleLines(TAIL_LINES)
    : await consoleTail(join(directory, hostFolders(cell)[0] ?? ".", "serial.log"));
  const { evidence, kept } = await wrapUp({ ...options, directory }, hosts, judged.status);
  if (!kept) await pair.remove();
  const texts = evidenceText(runPath, evidence);
  // What cannot be read tells nothing, and costs the cell no verdict.
  const diagnosis = await diagnose(judged, texts).catch(() => undefined);
  const verdict: Verdict =
    diagnosis?.code === undefined
      ? judged
      : { ...judged, status: "error", reason: diagnosis.sentence, code: diagnosis.code };
  // A known issue of the packages must not excuse what a build of one's own does.
  if (!options.dress) {
    await options.known.look(cell, attempt, verdict.status, {
      facts: first ? factsOf(options, hosts) : {},
      reason: verdict.reason,
      assertions: seen.assertions.filter(({ ok }) => !ok),
      evidence: texts,
    });
  }
  bus.emit("cell-ended", {
    cell: cell.id,
    attempt,
    ...verdict,
    ...(diagnosis && { diagnosis: diagnosis.sentence }),
    ms: performance.now() - started,
    ...(isRed(verdict.status) && excerpt.length > 0 && { excerpt }),
  });
  const emulated = options.prepared.some((host) => host.emulated);
  return { ...verdict, doubtful: emulated && diagnosis?.byEmulation === true };
}

/** What is put on the hosts; undefined when that breaks them: the scenario need not see it. */
async function dressed(
  { dress, cell, bus }: CellRunOptions,
  hosts: readonly LiveHost[],
  seen: Observation,
): Promise<Facts | undefined> {
  if (!dress) return {};
  const done = phaseClock(bus, cell.id)("dress");
  const facts = await dressHosts(dress, cell, hosts, seen);
  done();
  if (facts) bus.emit("facts", { cell: cell.id, facts });
  return facts;
}

function noteFailure(seen: Observation, error: unknown, signal: AbortSignal): void {
  if (signal.aborted) return;
  const failure = failureOf(error);
  if (error instanceof XenloopError && error.kind === "assertion") {
    seen.thrown = { kind: "assertion", message: failure.message, code: error.code };
  } else {
    seen.hostFailure = failure;
  }
}

function emitFacts(options: CellRunOptions, hosts: readonly LiveHost[]): void {
  options.bus.emit("facts", { cell: options.cell.id, facts: factsOf(options, hosts) });
}

function factsOf(
  { cell, prepared: [own] }: CellRunOptions,
  [running, peer]: readonly LiveHost[],
): Facts {
  if (!running) return {};
  const { xen_version, libvirt_version, dom0_kernel, virt_caps }: HostFacts = running.facts;
  return {
    xen_version,
    libvirt_version,
    dom0_kernel,
    virt_caps,
    host_started: running.started,
    ...own?.facts,
    ...(cell.peer !== undefined && {
      peer_xen_version: peer?.facts.xen_version ?? "",
      peer_libvirt_version: peer?.facts.libvirt_version ?? "",
    }),
  };
}

interface Stage {
  child: ScenarioChild;
  hosts: readonly LiveHost[];
  put: Facts;
}

async function runScenario(
  options: CellHostsOptions,
  { child, hosts, put }: Stage,
  seen: Observation,
): Promise<void> {
  const { cell, attempt, bus, signal, directory } = options;
  // The child takes the channel over; one process at a time holds it.
  await Promise.all(hosts.map(({ host }) => host.detach()));
  const aborted = new Promise<void>((resolve) => {
    // An event that is past does not come again.
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const losses = hosts.map(async ({ lost, handle }) => {
    const { sentence } = await lost;
    const message = `host ${hosts.length > 1 ? handle.hostname : cell.host} is lost: ${sentence}`;
    seen.hostFailure = { message, code: "HOST_LOST" };
  });
  const controls = new Map(
    hosts.flatMap(({ machine, handle }) =>
      machine ? [[handle.hostname, new MachineControl(machine)]] : [],
    ),
  );
  const outcome = await child.run({
    job: {
      title: cell.title,
      handles: hosts.map(({ handle }) => handle),
      virtCaps: hosts.map(({ facts }) => facts.virt_caps),
      versions: hosts.map(({ facts, started }) =>
        started === "found"
          ? { xen: facts.xen_version, libvirt: facts.libvirt_version }
          : undefined,
      ),
      axes: cell.axes,
      runsOn: {
        xen: hosts[0]?.facts.xen_version ?? "",
        // Of what was put there: another libvirt is another prediction.
        libvirt: put["libvirt_version"] ?? hosts[0]?.facts.libvirt_version ?? "",
      },
      keepsGuests: options.keepsGuests,
      evidenceDirectory: directory,
      attachTimeoutMs:
        ATTACH_TIMEOUT_MS * Math.max(...hosts.map(({ handle }) => handle.timeFactor)),
    },
    deadlineMs: cell.deadlineSeconds * 1000,
    stop: Promise.race([aborted, ...losses]),
    onAssertion: (assertion) => {
      seen.assertions.push(assertion);
      bus.emit("assertion", { cell: cell.id, attempt, ...assertion });
    },
    onMessage: messageEvents(bus, cell.id),
    onMachine: async (hostname, action) => {
      const control = controls.get(hostname);
      if (!control) throw new TypeError("its machine is not one of this run's");
      await control.act(action);
    },
  });
  for (const control of controls.values()) await control.restore();
  Object.assign(seen, outcome);
}
