import type { HostSpec } from "../spec/host-spec.ts";
import { Scheduler } from "./scheduler.ts";

/**
 * Lets hosts boot side by side as long as there is a core for each of their processors: a boot
 * keeps these busy, one that takes the place of a clone too. The scheduler, which admits cells,
 * reckons with hosts that are up.
 */
export class BootGate {
  readonly #turns: Scheduler;

  /** @param cores those of this machine unless told */
  constructor(cores?: number) {
    const availableMiB = () => Promise.resolve(Number.POSITIVE_INFINITY);
    this.#turns = new Scheduler({ availableMiB, ...(cores !== undefined && { cores }) });
  }

  run<T>({ vcpus }: Pick<HostSpec, "vcpus">, boot: () => Promise<T>): Promise<T> {
    return this.#turns.run({ memoryMiB: 0, cores: vcpus }, boot);
  }
}
