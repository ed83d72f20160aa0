import type { EventBus } from "../events/bus.ts";
import type { EventBodies, PlannedCell } from "../events/schema.ts";
import { wentWrong } from "../events/status.ts";
import type { LiveHost } from "../host/live-host.ts";
import { Workspace } from "../host/workspace.ts";
import type { BackendName, HostSpec } from "../spec/host-spec.ts";
import { accelerate, type AccelMode } from "./accelerate.ts";
import type { PreparedHost } from "./backend.ts";
import { Backends } from "./backends.ts";
import { runCell } from "./cell-runner.ts";
import { endJudged, type Dress } from "./dress.ts";
import { KnownIssues } from "./known-issues.ts";
import { withoutRefused } from "./lasting-refusal.ts";
import { Scheduler, type CellCost } from "./scheduler.ts";
import { endUnprepared } from "./unprepared.ts";
import { startAfterOthers } from "./start-after-others.ts";

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
  /** Of hosts that do not say where they are. */
  backend: BackendName;
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
  /** Whether scenarios may run beside guests of somebody else's on a host that runs already. */
  mayShare(host: string, guests: readonly string[]): Promise<boolean>;
  /** Leaves a host running when this says so, and owns it from then on. */
  keep(cell: PlannedCell, status: string, host: LiveHost): Promise<boolean>;
}

/** Runs the planned cells and puts everything that happens into the bus. */
export async function performRun(request: RunRequest, bus: EventBus): Promise<void> {
  const { cache, signal } = request;
  await startAfterOthers(cache);
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
  const planned = request.cells(runtime.timeFactor);
  const cells = planned.map((cell) => withoutRefused(cell, specsOf(cell, request), request));
  bus.emit("planned", { cells });
  await request.dress?.prepare(bus);
  await using workspace = await Workspace.create(cache);
  const backends = new Backends({ ...request, acceleration, bus, workspace });
  const run = new Run(request, bus, backends, workspace);
  try {
    // Every cell ends before the workspace goes; a bug in one must not cut the others off.
    for (const outcome of await Promise.allSettled(cells.map((cell) => run.cell(cell)))) {
      if (outcome.status === "rejected") throw outcome.reason;
    }
  } finally {
    await backends.close();
  }
}

/** The hosts a cell takes, in the order its scenario is given them. */
function specsOf(cell: PlannedCell, { hosts, hostNamed }: RunRequest): HostSpec[] {
  const found = hosts.find(({ name }) => name === cell.host) ?? hostNamed(cell.host);
  const own = cell.dom0 ? { ...found, dom0: { ...found.dom0, ...cell.dom0 } } : found;
  const specs = Array.from({ length: cell.hosts ?? 1 }, () => own);
  if (cell.peer !== undefined) specs[1] = hostNamed(cell.peer);
  return specs;
}

class Run {
  readonly #request: RunRequest;
  readonly #bus: EventBus;
  readonly #backends: Backends;
  readonly #workspace: Workspace;
  readonly #scheduler: Scheduler;
  readonly #known: KnownIssues;
  readonly #prepared = new Map<string, Promise<PreparedHost>>();
  /** Images and templates are made one after the other: each uses all cores. */
  #preparing: Promise<unknown> = Promise.resolve();

  constructor(request: RunRequest, bus: EventBus, backends: Backends, workspace: Workspace) {
    this.#request = request;
    this.#bus = bus;
    this.#backends = backends;
    this.#workspace = workspace;
    this.#scheduler = new Scheduler(request.jobs === "auto" ? {} : { jobs: request.jobs });
    this.#known = new KnownIssues(bus);
  }

  async cell(cell: PlannedCell): Promise<void> {
    if (cell.excluded !== undefined) return;
    const judged = this.#request.dress?.judge(cell);
    if (judged) return endJudged(cell, judged, { bus: this.#bus, runPath: this.#request.runPath });
    const prepared: PreparedHost[] = [];
    for (const spec of specsOf(cell, this.#request)) {
      const each = this.#request.dress?.bootOf(cell, spec) ?? spec;
      try {
        const isOnce = cell.dom0 !== undefined || each.hypervisor?.patched === true;
        prepared.push(await this.#ready(each, isOnce));
      } catch (error) {
        if (this.#request.signal.aborted) return;
        const kept = { bus: this.#bus, runPath: this.#request.runPath };
        return endUnprepared(cell, each.name, error, kept);
      }
    }
    await this.#cell(cell, prepared);
  }

  /** A host's image and template, made when first asked for; `once` is one that no other cell has. */
  #ready(spec: HostSpec, once: boolean): Promise<PreparedHost> {
    const { name, dom0, hypervisor } = spec;
    const key = [name, once ? JSON.stringify(dom0) : "", hypervisor?.sha256 ?? ""].join(" ");
    const known = this.#prepared.get(key);
    if (known) return known;
    const backend = this.#backends.of(spec);
    const turn = this.#preparing.then(() =>
      this.#scheduler.runNext(backend.prepareCost(spec), () => backend.prepare(spec, once)),
    );
    this.#preparing = turn.catch(() => undefined);
    this.#prepared.set(key, turn);
    return turn;
  }

  async #cell(cell: PlannedCell, prepared: readonly PreparedHost[]): Promise<void> {
    const { signal, retries, scenarioFiles, runPath } = this.#request;
    await inTurn(prepared, () =>
      this.#scheduler.run(costOf(prepared), async (running) => {
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
            bus: this.#bus,
            runPath,
            workspace: this.#workspace,
            known: this.#known,
            signal,
            keepsGuests: this.#request.keepsGuests,
            dress: this.#request.dress,
            onMachine: (machine) => running.onMachine(machine),
            keep: (status, host) => this.#request.keep(cell, status, host),
          });
          if (doubtful && repeats > 0) {
            repeats -= 1;
            continue;
          }
          left -= 1;
          if (status === "skipped" || wentWrong(status) === passes > 1) return;
        }
      }),
    );
  }
}

/** What the emulator may have spoilt runs again, and no attempt is hidden. */
const REPEATS_OF_DOUBTFUL = 2;

/** When all hosts of a cell are free for it. */
function inTurn<T>([host, ...others]: readonly PreparedHost[], work: () => Promise<T>): Promise<T> {
  return host ? host.turn(() => inTurn(others, work)) : work();
}

/** Of all hosts, as it is at the time: where a template turns out to be of no use, they boot. */
function costOf(hosts: readonly PreparedHost[]): CellCost {
  const sum = (of: keyof CellCost) => hosts.reduce((all, { cost }) => all + cost[of], 0);
  return {
    get memoryMiB() {
      return sum("memoryMiB");
    },
    get cores() {
      return sum("cores");
    },
  };
}
