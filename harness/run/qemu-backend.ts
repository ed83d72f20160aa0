import type { EventBus } from "../events/bus.ts";
import type { Facts } from "../events/schema.ts";
import type { BootedHost } from "../host/booted-host.ts";
import { HostLost } from "../host/errors.ts";
import type { LiveHost } from "../host/live-host.ts";
import { bootHost, type HostRuntime, type StartHostOptions } from "../host/running-host.ts";
import type { StoredTemplate } from "../host/stored-template.ts";
import type { HostImage } from "../image/host-image.ts";
import { Store } from "../image/store.ts";
import type { AccelProfile } from "../machine/cpu-profile.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { settle, type Acceleration, type AccelMode } from "./accelerate.ts";
import type { Backend, HostStart, PreparedHost } from "./backend.ts";
import { BootGate } from "./boot-gate.ts";
import { cloneOrBoot } from "./clone-or-boot.ts";
import { HypervisorDoesNotBoot } from "./errors.ts";
import { phaseClock } from "./phase-clock.ts";
import { prepareHost, prepareImage } from "./prepare.ts";
import type { CellCost } from "./scheduler.ts";

export interface QemuBackendOptions {
  cache: string;
  runPath: string;
  accel: AccelMode;
  timeoutScale: number;
  cold: boolean;
  /** Locks to build from instead of the project's, by host. */
  lockFiles?: ReadonlyMap<string, string>;
  acceleration: Acceleration;
  bus: EventBus;
  signal: AbortSignal;
}

/** Hosts on machines of this machine's QEMU: each cell has its own, a clone or booted. */
export class QemuBackend implements Backend {
  readonly name = "qemu";
  readonly #options: QemuBackendOptions;
  readonly #store: Store;
  readonly #boots = new BootGate();

  constructor(options: QemuBackendOptions) {
    this.#options = options;
    this.#store = new Store(`${options.cache}/store`);
  }

  /** A place among the cells, too: those that run beside it have deadlines. */
  prepareCost(spec: HostSpec): CellCost {
    const { profile } = this.#options.acceleration.runtime;
    return { memoryMiB: spec.memoryMiB, cores: coresOf(spec, profile) };
  }

  async prepare(spec: HostSpec, once: boolean): Promise<PreparedHost> {
    const { cache, bus, signal, lockFiles, acceleration } = this.#options;
    signal.throwIfAborted();
    const options = { cache, store: this.#store, bus, signal };
    const lockFile = lockFiles?.get(spec.name);
    const image = await prepareImage(spec, { ...options, ...(lockFile && { lockFile }) });
    await settle(image.xen, acceleration, this.#options);
    const { runtime } = acceleration;
    const { cold, runPath } = this.#options;
    // A template for one cell would cost more than it saves.
    const kind = { cold: cold || once, runPath };
    const template = await prepareHost(image, runtime, kind, options);
    return new QemuHost(image, runtime, template, this.#boots);
  }

  async close(): Promise<void> {}
}

class QemuHost implements PreparedHost {
  constructor(
    readonly image: HostImage,
    readonly runtime: HostRuntime,
    /** Undefined when cells boot cold. */
    readonly template: StoredTemplate | undefined,
    readonly boots: BootGate,
  ) {}

  get spec(): HostSpec {
    return this.image.spec;
  }

  get cost(): CellCost {
    const { memoryMiB } = this.spec;
    const cores = coresOf(this.spec, this.runtime.profile);
    const isCloned = this.template !== undefined && this.template.unusable === undefined;
    return { memoryMiB: Math.ceil(memoryMiB * (isCloned ? CLONE_SHARE : 1)), cores };
  }

  get emulated(): boolean {
    return this.runtime.profile.accel === "tcg";
  }

  get facts(): Facts {
    return { backend: "qemu", cpu_model: this.runtime.profile.cpu };
  }

  get bootLog(): string | undefined {
    return this.template?.serial;
  }

  turn<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  async start(options: HostStart): Promise<LiveHost> {
    const { cell, hostname, directory, diskDirectory, pairEnd, workspace, bus, signal } = options;
    const clock = phaseClock(bus, cell.id);
    const prefix = pairEnd ? `${hostname} ` : "";
    const start = {
      image: this.image,
      runtime: this.runtime,
      ...{ hostname, directory, diskDirectory, signal },
      ...(pairEnd && { pairEnd }),
      phase: (name) => clock(`${prefix}${name}`),
      onMachine: async (machine) => {
        options.onMachine?.(machine.process);
        await workspace.note(machine.process.pid, machine.process.startTime);
      },
    } satisfies StartHostOptions;
    const onBroken = (isClone: boolean) => (host: BootedHost) => options.onBroken(host, isClone);
    const bootInTurn = () =>
      this.boots.run(this.spec, () => {
        signal.throwIfAborted();
        return bootHost({ ...start, onBroken: onBroken(false) });
      });
    const boot = () =>
      bootInTurn().catch((error: unknown) => {
        signal.throwIfAborted();
        // QEMU's own death is nothing that a hypervisor does.
        const isMachines = error instanceof HostLost && error.end === "death";
        if (isMachines || this.spec.hypervisor?.patched !== true) throw error;
        throw new HypervisorDoesNotBoot(this.spec.name, error);
      });
    const noteFallback = (why: string) =>
      bus.emit("facts", { cell: cell.id, facts: { clone_fallback: why } });
    return cloneOrBoot(
      this.template,
      { ...start, onBroken: onBroken(true) },
      {
        boot,
        onUntried: noteFallback,
        onFallback: (why, inFull) => {
          clock.abandon();
          const message = `${cell.id}: ${prefix}the clone is thrown away, a host is booted instead: ${inFull}`;
          bus.emit("warning", { message });
          noteFallback(why);
        },
      },
    );
  }
}

/**
 * Share of a clone's memory that its guests and its own work make private; measured at 0.3. It is
 * what a clone is promised: what one has taken, more or less, is measured while it runs.
 */
const CLONE_SHARE = 0.35;

/**
 * A guest's processor waits for dom0's at each access to a device. Where two emulated hosts share
 * two cores these waits take the scheduler's time slices: side by side a PV, an HVM and two PVH
 * guests boot in 141 s, one after the other in 109.
 */
export function coresOf({ vcpus }: HostSpec, { accel }: AccelProfile): number {
  return accel === "tcg" ? vcpus : 1;
}
