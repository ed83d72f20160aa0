import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Facts } from "../events/schema.ts";
import type { Transport } from "../channel/transport.ts";
import type { SshTarget } from "../channel/ssh-transport.ts";
import type { HostHandle } from "../host/booted-host.ts";
import type { GuestKit } from "../host/guest-kit.ts";
import { begin, borrow, tidyAfterCell, type FoundHost } from "../host/lasting-host.ts";
import type { LiveHost } from "../host/live-host.ts";
import { accessTo } from "../host/ssh-access.ts";
import { watchSerial, type SerialWatch } from "../machine/serial-watch.ts";
import type { BackendName, HostSpec } from "../spec/host-spec.ts";
import type { HostStart, PreparedHost } from "./backend.ts";
import { HostLasts } from "./errors.ts";
import { needsFreshHost } from "./lasting-refusal.ts";
import type { CellCost } from "./scheduler.ts";

type LastingStart = Pick<HostStart, "directory" | "cell" | "signal">;

export interface LastingOptions {
  spec: HostSpec;
  backend: BackendName;
  target: SshTarget;
  transport: Transport;
  found: FoundHost;
  kit: GuestKit;
  timeFactor: number;
  /** By a QEMU of this run. */
  emulated: boolean;
  /** Log of its serial console, where this machine has one. */
  console: string | undefined;
  /** The console of its boot; `console` begins anew whenever it is brought back. */
  bootLog?: string | undefined;
  /** Of this machine, that it keeps busy while a cell runs. */
  cores?: number;
  /** Brings it back to how it was found, where that is possible; gives a new connection. */
  renew?: ((signal: AbortSignal) => Promise<Transport>) | undefined;
}

/**
 * A host that stays when a cell is over: cells take turns on it, and it is tidied after each, or
 * brought back to how it was found.
 */
export class LastingPrepared implements PreparedHost {
  readonly #options: LastingOptions;
  #last: Promise<unknown> = Promise.resolve();
  #transport: Transport;
  #used = false;

  constructor(options: LastingOptions) {
    this.#options = options;
    this.#transport = options.transport;
  }

  /** Its memory is taken already. */
  get cost(): CellCost {
    return { memoryMiB: 0, cores: this.#options.cores ?? 0 };
  }

  get bootLog(): string | undefined {
    return this.#options.bootLog;
  }

  get spec(): HostSpec {
    return this.#options.spec;
  }

  get emulated(): boolean {
    return this.#options.emulated;
  }

  get facts(): Facts {
    const { backend, found, spec } = this.#options;
    // The accelerator and QEMU of this machine have no part in a host elsewhere.
    const elsewhere = spec.place ? { accel: "", qemu_version: "" } : {};
    return { backend, cpu_model: found.cpuModel, ...elsewhere };
  }

  turn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async start({ directory, cell, signal }: LastingStart): Promise<LiveHost> {
    const { spec, target, found, kit, timeFactor, renew } = this.#options;
    if (!renew && needsFreshHost(cell)) throw new HostLasts(spec.name);
    if (renew && this.#used) this.#transport = await renew(signal);
    this.#used = true;
    const transport = this.#transport;
    const watched = this.#watchConsole();
    const common: HostHandle = {
      name: spec.name,
      hostname: found.hostname,
      reach: { kind: "ssh", target },
      timeFactor,
      kernelVersion: found.facts.dom0_kernel,
      kit,
    };
    const handle = { ...common, lasting: await begin(borrow(common, transport)) };
    const host = borrow(handle, transport);
    return {
      host,
      handle,
      facts: found.facts,
      started: renew ? "clone" : "found",
      lost: watched.lost,
      consoleLines: (count) => watched.serial?.lastLines(count) ?? [],
      interrogate: async () => {},
      openSsh: async () => accessTo(target),
      reattach: async () => host,
      stop: async () => {
        watched.serial?.close();
        await this.#keepConsole(directory);
        // What is renewed may be broken now, and need not be tidy.
        if (!renew) await tidyAfterCell(host);
      },
    };
  }

  /** Without a console nobody sees the host's end but by a command that does not end in time. */
  #watchConsole(): { serial?: SerialWatch; lost: Promise<{ sentence: string }> } {
    const { console: path } = this.#options;
    let settle: (found: { sentence: string }) => void = () => undefined;
    const lost = new Promise<{ sentence: string }>((resolve) => (settle = resolve));
    return path === undefined ? { lost } : { serial: watchSerial(path, { onFatal: settle }), lost };
  }

  async #keepConsole(directory: string): Promise<void> {
    const { console: path } = this.#options;
    if (path === undefined) return;
    await mkdir(directory, { recursive: true });
    await copyFile(path, join(directory, "serial.log"));
  }
}
