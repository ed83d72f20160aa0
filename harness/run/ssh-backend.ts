import { join } from "node:path";
import { messageOf } from "../base/error.ts";
import { quoteArgv } from "../base/process-errors.ts";
import type { SshTarget } from "../channel/ssh-transport.ts";
import { SshTransport } from "../channel/ssh-transport.ts";
import type { EventBus } from "../events/bus.ts";
import type { BootedHost } from "../host/booted-host.ts";
import { HostInUse, HostUnreachable } from "../host/errors.ts";
import { ownKit } from "../host/guest-kit.ts";
import { askHost, borrow, OWN_FOLDER } from "../host/lasting-host.ts";
import type { HostImage } from "../image/host-image.ts";
import type { BackendName, HostSpec, SshPlace } from "../spec/host-spec.ts";
import type { Backend, PreparedHost } from "./backend.ts";
import { bringKit } from "./guest-kit.ts";
import { LastingPrepared, type LastingOptions } from "./lasting-prepared.ts";
import { phaseClock } from "./phase-clock.ts";
import type { CellCost } from "./scheduler.ts";

export interface LastingBackendOptions {
  cache: string;
  timeFactor: number;
  bus: EventBus;
  signal: AbortSignal;
  /** Whether scenarios may run beside guests of somebody else's. */
  mayShare(host: string, guests: readonly string[]): Promise<boolean>;
  /** The image whose guest is brought to hosts that have none of ours. */
  kitImage(): Promise<HostImage>;
}

const RENEWED_SECONDS = 60;

/** What the machine under an adopted host can do. */
interface AdoptedMachine extends Pick<
  LastingOptions,
  "console" | "bootLog" | "emulated" | "cores"
> {
  /** Brings it back to how it was before it was adopted. */
  renew?: ((signal: AbortSignal) => Promise<void>) | undefined;
}

/** Hosts that run already, reached by ssh. Nothing of them is created or destroyed. */
export class SshBackend implements Backend {
  readonly name: BackendName = "ssh";
  readonly #options: LastingBackendOptions;
  readonly #ends: (() => Promise<void>)[] = [];

  constructor(options: LastingBackendOptions) {
    this.#options = options;
  }

  prepareCost(_spec: HostSpec): CellCost {
    return { memoryMiB: 0, cores: 0 };
  }

  async prepare(spec: HostSpec): Promise<PreparedHost> {
    const { place } = spec;
    if (place?.backend !== "ssh") throw new TypeError(`${spec.name} is not reached by ssh`);
    return this.adopt(spec, targetOf(place), handCommand(place));
  }

  /**
   * Asks a host that answers on ssh what it is, and makes it ready for cells.
   * @param byHand the command with which a person gets in
   */
  async adopt(
    spec: HostSpec,
    target: SshTarget,
    byHand: string,
    machine: AdoptedMachine = { console: undefined, emulated: false },
  ): Promise<PreparedHost> {
    const { timeFactor, bus, signal, cache, mayShare, kitImage } = this.#options;
    const clock = phaseClock(bus, `host:${spec.name}`);
    try {
      const asked = clock("ask");
      let transport = await connect(spec, target, byHand, signal);
      this.#ends.push(() => transport.close());
      const handle = {
        ...{ name: spec.name, hostname: spec.name, timeFactor, kernelVersion: "" },
        reach: { kind: "ssh" as const, target },
        kit: ownKit(""),
      };
      const { renew } = machine;
      const host = borrow(handle, transport);
      const found = await askHost(host);
      asked(`Xen ${found.facts.xen_version}, libvirt ${found.facts.libvirt_version}`);
      if (found.guests.length > 0 && !(await mayShare(spec.name, found.guests))) {
        throw new HostInUse(spec.name, found.guests);
      }
      // Before the connection's end, which was noted first.
      if (!renew) this.#ends.unshift(async () => void (await host.run(["rm", "-rf", OWN_FOLDER])));
      const brought = clock("kit");
      const scratch = join(cache, "scratch");
      const kit = await bringKit(host, found, { image: kitImage, scratch });
      brought(found.hasKit ? "its own" : "brought there");
      const { name: backend } = this;
      const renewed = async (until: AbortSignal): Promise<SshTransport> => {
        // What is on its other end is about to be gone.
        await transport.close();
        await renew?.(until);
        // QEMU has translated none of its code yet.
        const patient = { ...target, connectTimeoutSeconds: RENEWED_SECONDS * timeFactor };
        transport = await connect(spec, patient, byHand, until);
        await setClock(borrow(handle, transport));
        return transport;
      };
      const own = { target, transport, found, kit, ...machine, renew: renew && renewed };
      return new LastingPrepared({ spec, backend, timeFactor, ...own });
    } finally {
      clock.abandon();
    }
  }

  async close(): Promise<void> {
    for (const end of this.#ends.splice(0)) {
      await end().catch((error: unknown) => {
        this.#options.bus.emit("warning", { message: `a host is not tidied: ${messageOf(error)}` });
      });
    }
  }
}

async function connect(
  spec: HostSpec,
  target: SshTarget,
  byHand: string,
  signal: AbortSignal,
): Promise<SshTransport> {
  return SshTransport.connect(target, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new HostUnreachable(spec.name, byHand, error);
  });
}

/** It wakes at the moment at which it was kept. */
async function setClock(host: BootedHost): Promise<void> {
  await host.run(["date", "--set", `@${(Date.now() / 1000).toFixed(3)}`]);
}

export function targetOf(place: SshPlace): SshTarget {
  const { address, port, user, key, knownHosts } = place;
  return {
    ...{ host: address, port, user, identityFile: key, sudo: user !== "root" },
    knownHosts: knownHosts === undefined ? "own" : { file: knownHosts },
  };
}

function handCommand({ address, port, user, key }: SshPlace): string {
  return quoteArgv(["ssh", "-p", String(port), "-i", key, `${user}@${address}`]);
}
