import type { EventBus } from "../events/bus.ts";
import type { Facts, PlannedCell } from "../events/schema.ts";
import type { BootedHost } from "../host/booted-host.ts";
import type { PairEnd } from "../host/host-machine.ts";
import type { LiveHost } from "../host/live-host.ts";
import type { Workspace } from "../host/workspace.ts";
import type { BackendName, HostSpec } from "../spec/host-spec.ts";
import type { CellCost } from "./scheduler.ts";
import type { MachineProcess } from "./taken-memory.ts";

/** Where hosts come from. */
export interface Backend {
  readonly name: BackendName;
  /** What preparing a host takes of this machine. */
  prepareCost(spec: HostSpec): CellCost;
  /** Makes ready what the cells of a host start from, or the one cell that it is for. */
  prepare(spec: HostSpec, once: boolean): Promise<PreparedHost>;
  /** Ends what outlives the cells. */
  close(): Promise<void>;
}

/** What the cells of one host are run with. */
export interface PreparedHost {
  readonly spec: HostSpec;
  /** What a cell on it takes of this machine. */
  readonly cost: CellCost;
  /** QEMU emulates its processor, and may spoil what runs there. */
  readonly emulated: boolean;
  /** Of every cell that runs on it. */
  readonly facts: Facts;
  /** The console of the boot that its hosts are copies of. */
  readonly bootLog?: string | undefined;
  /** Runs a cell's work when the host is free for it. */
  turn<T>(work: () => Promise<T>): Promise<T>;
  /** A host for one cell. */
  start(start: HostStart): Promise<LiveHost>;
}

/** For which cell a host is, and where it leaves its traces. */
export interface HostStart {
  cell: PlannedCell;
  /** Its name in its network. */
  hostname: string;
  /** Joins it to the other host of a pair. */
  pairEnd?: PairEnd;
  /** Directory of its own for logs. */
  directory: string;
  /** Where its disk grows. */
  diskDirectory: string;
  workspace: Workspace;
  bus: EventBus;
  signal: AbortSignal;
  /** Told of a machine of this run's that the host is on, as soon as it runs. */
  onMachine?: ((machine: MachineProcess) => void) | undefined;
  /**
   * The host answers but does not come up: to ask it why, before it is stopped. A clone's place is
   * then taken by a host that is booted.
   */
  onBroken(host: BootedHost, isClone: boolean): Promise<void>;
}
