import type { EventBus } from "../events/bus.ts";
import type { EventBodies, PlannedCell } from "../events/schema.ts";
import { wentWrong } from "../events/status.ts";
import type { RunningHost } from "../host/running-host.ts";
import { sweepSocketDirs } from "../machine/socket-dir.ts";
import { reapWorkspaces, Workspace } from "../host/workspace.ts";
import { Store } from "../image/store.ts";
import type { AccelProfile } from "../machine/cpu-profile.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { accelerate, xenRefusesKvm, type Acceleration, type AccelMode } from "./accelerate.ts";
import { runCell, type PreparedHost } from "./cell-runner.ts";
import { endJudged, type Dress } from "./dress.ts";
import { KnownIssues } from "./known-issues.ts";
import { prepareHost, prepareImage } from "./prepare.ts";
import { Scheduler, type CellCost } from "./scheduler.ts";
import { endUnprepared } from "./unprepared.ts";

export type RunOrigin = Pick<
  EventBodies["run-started"],
  "commit" | "locks" | "scenarios" | "shard" | "plan"
>;

export interface RunRequest {
  hosts: readonly HostSpec[];
  /** Finds the second host of a pair. */
  hostNamed(name: string): HostSpec;
  /** Plans the cells once the factor on their deadlines is known. */
  cells(scale: number): PlannedCell[];
  /** Locks to build from instead of the project's, by host. */
  lockFiles?: ReadonlyMap<string, string>;
  /** File of each scenario, by id. */
  scenarioFiles: ReadonlyMap<string, string>;
  cache: string;
  runId: string;
  runPath: string;
  accel: AccelMode;
  timeoutScale: number;
  jobs: number | "auto";
  retries: number;
  cold: boolean;
  harness: string;
  /** What else is known of where the run comes from. */
  origin: RunOrigin;
  argv: readonly string[];
  signal: AbortSignal;
  /** What is put on the hosts before scenarios see them; nothing unless told. */
  dress?: Dress;
  /** Guests stay in the hosts that are kept. */
  keepsGuests: boolean;
  /** Leaves a host running when this says so, and owns it from then on. */
  keep(cell: PlannedCell, status: string, host: RunningHost): Promise<boolean>;
}

/** Runs the planned cells and puts everything that happens into the bus. */
export async function performRun(request: RunRequest, bus: EventBus): Promise<void> {
  const { cache, signal } = request;
  await sweepSocketDirs();
  await reapWorkspaces(cache);
  const acceleration = await accelerate(request.accel, request.timeoutScale, signal);
  const { probe, runtime, qemuVersion } = acceleration;
  bus.emit("run-started", {
    runId: request.runId,
    harness: request.harness,
    argv: [...request.argv],
    accel: probe.accel,
    ...(probe.reason !== undefined && { accelReason: probe.reason }),
    qemu: qemuVersion,
    timeFactor: runtime.timeFactor,
    node: process.version,
    ...request.origin,
  });
  const cells = request.cells(runtime.timeFactor);
  bus.emit("planned", { cells });
  await request.dress?.prepare(bus);
  await using workspace = await Workspace.create(cache);
  const run = new Run(request, bus, acceleration, workspace);
  const outcomes = request.hosts.map((host) =>
    run.host(
      host,
      cells.filter((cell) => cell.host === host.name),
    ),
  );
  // Every host's cells end before the workspace goes; a bug in one must not cut the others off.
  for (const outcome of await Promise.allSettled(outcomes)) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}

class Run {
  readonly #request: RunRequest;
  readonly #bus: EventBus;
  readonly #acceleration: Acceleration;
  readonly #workspace: Workspace;
  readonly #scheduler: Scheduler;
  readonly #store: Store;
  readonly #known: KnownIssues;
  readonly #prepared = new Map<string, Promise<PreparedHost>>();
  /** Images and templates are made one after the other: each uses all cores. */
  #preparing: Promise<unknown> = Promise.resolve();

  constructor(
    request: RunRequest,
    bus: EventBus,
    acceleration: Acceleration,
    workspace: Workspace,
  ) {
    this.#request = request;
    this.#bus = bus;
    this.#acceleration = acceleration;
    this.#workspace = workspace;
    this.#scheduler = new Scheduler(request.jobs === "auto" ? {} : { jobs: request.jobs });
    this.#known = new KnownIssues(bus);
    this.#store = new Store(`${request.cache}/store`);
  }

  async host(spec: HostSpec, cells: readonly PlannedCell[]): Promise<void> {
    const wanted = cells.filter((cell) => cell.excluded === undefined);
    await Promise.all(wanted.map((cell) => this.#prepareAndRun(cell, spec)));
  }

  async #prepareAndRun(cell: PlannedCell, spec: HostSpec): Promise<void> {
    const judged = this.#request.dress?.judge(cell);
    if (judged) return endJudged(cell, judged, { bus: this.#bus, runPath: this.#request.runPath });
    const specs = Array.from({ length: cell.hosts ?? 1 }, () => spec);
    if (cell.peer !== undefined) specs[1] = this.#request.hostNamed(cell.peer);
    const prepared: PreparedHost[] = [];
    for (const each of specs) {
      try {
        prepared.push(await this.#ready(each));
      } catch (error) {
        if (this.#request.signal.aborted) return;
        const kept = { bus: this.#bus, runPath: this.#request.runPath };
        return endUnprepared(cell, each.name, error, kept);
      }
    }
    await this.#cell(cell, prepared);
  }

  /** A host's image and template, made when first asked for. */
  #ready(spec: HostSpec): Promise<PreparedHost> {
    const known = this.#prepared.get(spec.name);
    if (known) return known;
    // A place among the cells, too: those that run beside it have deadlines.
    const { profile } = this.#acceleration.runtime;
    const cost = { memoryMiB: spec.memoryMiB, cores: coresOf(spec, profile) };
    const turn = this.#preparing.then(() =>
      this.#scheduler.runNext(cost, () => this.#prepare(spec)),
    );
    this.#preparing = turn.catch(() => undefined);
    this.#prepared.set(spec.name, turn);
    return turn;
  }

  async #prepare(spec: HostSpec): Promise<PreparedHost> {
    const request = this.#request;
    const { cache, signal } = request;
    const options = { cache, store: this.#store, bus: this.#bus, signal };
    request.signal.throwIfAborted();
    const lockFile = request.lockFiles?.get(spec.name);
    const image = await prepareImage(spec, { ...options, ...(lockFile && { lockFile }) });
    if (this.#acceleration.runtime.profile.accel === "kvm") {
      const refusal = await xenRefusesKvm(image.xen, request.accel, request.signal);
      if (refusal !== undefined) {
        this.#bus.emit("warning", { message: `${refusal}; emulating instead` });
        const emulated = await accelerate("tcg", request.timeoutScale, request.signal);
        Object.assign(this.#acceleration, emulated);
      }
    }
    return prepareHost(image, this.#acceleration.runtime, request, options);
  }

  async #cell(cell: PlannedCell, prepared: readonly PreparedHost[]): Promise<void> {
    const { signal, retries, scenarioFiles, runPath } = this.#request;
    const { runtime } = this.#acceleration;
    await this.#scheduler.run(costOf(prepared, runtime.profile), async () => {
      // A cell that is new in a change gets no second chance, and has to hold.
      const { passes = 1 } = cell;
      const attempts = passes > 1 ? passes : retries + 1;
      let repeats = REPEATS_OF_DOUBTFUL;
      for (let attempt = 1, left = attempts; left > 0; attempt += 1) {
        if (signal.aborted) return;
        const { status, doubtful } = await runCell({
          cell,
          attempt,
          scenarioFile: scenarioFiles.get(cell.scenario) ?? "",
          prepared,
          runtime,
          bus: this.#bus,
          runPath,
          workspace: this.#workspace,
          known: this.#known,
          signal,
          keepsGuests: this.#request.keepsGuests,
          dress: this.#request.dress,
          keep: (status, host) => this.#request.keep(cell, status, host),
        });
        if (doubtful && repeats > 0) {
          repeats -= 1;
          continue;
        }
        left -= 1;
        if (status === "skipped" || wentWrong(status) === passes > 1) return;
      }
    });
  }
}

/** What the emulator may have spoilt runs again, and no attempt is hidden. */
const REPEATS_OF_DOUBTFUL = 2;

/** Share of a clone's memory that its guests and its own work make private; measured at 0.3. */
const CLONE_SHARE = 0.35;

function costOf(hosts: readonly PreparedHost[], profile: AccelProfile): CellCost {
  const shares = hosts.map(({ image, template }) => {
    return image.spec.memoryMiB * (template ? CLONE_SHARE : 1);
  });
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return {
    memoryMiB: Math.ceil(sum(shares)),
    cores: sum(hosts.map(({ image }) => coresOf(image.spec, profile))),
  };
}

/**
 * A guest's processor waits for dom0's at each access to a device. Where two emulated hosts share
 * two cores these waits take the scheduler's time slices: side by side a PV, a PVH and an HVM
 * boot take 270 s, one after the other 113 s.
 */
function coresOf({ vcpus }: HostSpec, { accel }: AccelProfile): number {
  return accel === "tcg" ? vcpus : 1;
}
