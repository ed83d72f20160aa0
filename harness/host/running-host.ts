import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import { ChannelTransport } from "../channel/channel-client.ts";
import { ChannelUnavailable } from "../channel/errors.ts";
import type { HostImage } from "../image/host-image.ts";
import type { AccelProfile } from "../machine/cpu-profile.ts";
import { interrogate } from "../machine/interrogate.ts";
import { loadState } from "../machine/migrate.ts";
import type { MachineSpec, RamSpec } from "../machine/machine-spec.ts";
import { startMachine, type RunningMachine } from "../machine/machine.ts";
import { BootedHost, type HostHandle } from "./booted-host.ts";
import { HostLost, HostNotReady } from "./errors.ts";
import { ownKit } from "./guest-kit.ts";
import { checkHealth } from "./health.ts";
import type { LiveHost } from "./live-host.ts";
import { createOverlay, type BackingDisk } from "./overlay-disk.ts";
import { giveIdentity, newIdentity, type HostIdentity } from "./identity.ts";
import { hostMachine, TEMPLATE_MAC, type PairEnd } from "./host-machine.ts";
import { openSsh } from "./ssh-access.ts";

const BOOT_SECONDS = 180;
const CLONE_SECONDS = 30;

/** What all hosts of a run are started with. */
export interface HostRuntime {
  qemu: string;
  profile: AccelProfile;
  timeFactor: number;
}

export interface StartHostOptions {
  image: HostImage;
  runtime: HostRuntime;
  /** Name of this host in its network. */
  hostname: string;
  /** Joins it to the other host of a pair. */
  pairEnd?: PairEnd;
  /** Directory of its own for logs. */
  directory: string;
  /** Where its disk grows; the log directory unless told. Removed by nobody but the caller. */
  diskDirectory?: string;
  signal?: AbortSignal;
  phase(name: string): (detail?: string) => void;
  /** Told of the machine as soon as it runs. */
  onMachine?(machine: RunningMachine): Promise<void>;
  /** QEMU of a clone answers, and its saved state is about to be loaded. */
  onIncoming?(): void;
  /** A clone's processors run, says its monitor. */
  onResumed?(): void;
  /** The host answers but does not come up: to ask it why, before it is stopped. */
  onBroken?(host: BootedHost): Promise<void>;
  /** The command channel answers; nothing was run on it yet. */
  onAttached?(host: BootedHost): Promise<void>;
  /** The host has its identity; its health is not checked yet. */
  onIdentified?(host: BootedHost): Promise<void>;
}

/** A booted host together with the machine under it: who holds this owns both. */
export interface RunningHost extends LiveHost {
  machine: RunningMachine;
  identity: HostIdentity;
}

export interface BootOptions extends StartHostOptions {
  /** Memory of the machine; anonymous unless told. */
  ram?: RamSpec;
  /** The overlay names its backing disk relative to itself, so that both can move together. */
  relativeDisk?: boolean;
}

/** Boots a host from its disk. @throws {HostLost | HostNotReady | HostUnhealthy} */
export async function bootHost(options: BootOptions): Promise<RunningHost> {
  const { image, runtime, pairEnd, ram = { kind: "anonymous" }, relativeDisk = false } = options;
  const disk = await prepareDisk(options, {
    path: image.disk,
    format: "raw",
    relative: relativeDisk,
  });
  const machine = { ...runtime, image, disk, ram, mac: TEMPLATE_MAC, ...(pairEnd && { pairEnd }) };
  return start("cold", hostMachine(machine), options, async (machine, attached) => {
    const booted = options.phase("boot");
    const host = attached(await attach(machine, options, BOOT_SECONDS));
    await systemReady(host, options);
    booted();
    return host;
  });
}

/** What a clone is made from. */
export interface TemplateFiles {
  ram: string;
  state: string;
  /** What QEMU is given in place of hypervisor and kernel. */
  stub: string;
  disk: string;
  /** Console of the boot that was frozen: a clone says nothing until something happens. */
  serial: string;
}

/** A copy-on-write copy of a template. */
export async function cloneHost(
  template: TemplateFiles,
  options: StartHostOptions,
): Promise<RunningHost> {
  const { image, runtime, pairEnd } = options;
  const { disk, stub } = template;
  const spec = hostMachine({
    ...{ ...runtime, image, disk, mac: TEMPLATE_MAC, resume: stub, ...(pairEnd && { pairEnd }) },
    ram: { kind: "file", path: template.ram, share: false },
  });
  return start("clone", spec, options, async (machine, attached) => {
    const cloned = options.phase("clone");
    options.onIncoming?.();
    await loadState(machine.qmp, template.state, {
      timeoutMs: CLONE_SECONDS * 1000 * runtime.timeFactor,
    });
    options.onResumed?.();
    const host = attached(await attach(machine, options, CLONE_SECONDS));
    await options.onAttached?.(host);
    cloned();
    return host;
  });
}

/** dom0's systemd has nothing left to start. */
export async function systemReady(host: BootedHost, options: StartHostOptions): Promise<void> {
  const { image, runtime } = options;
  const { stdout, exitCode } = await host.run(["systemctl", "is-system-running", "--wait"], {
    timeoutMs: BOOT_SECONDS * 1000,
    anyStatus: true,
  });
  const state = stdout.trim();
  // Degraded is a unit of the distribution's that failed; the health check judges.
  if (exitCode !== 0 && state !== "degraded") {
    throw new HostNotReady(
      image.spec.name,
      "its default target",
      BOOT_SECONDS * runtime.timeFactor,
      state,
    );
  }
}

async function prepareDisk(
  { directory, diskDirectory = directory }: StartHostOptions,
  backing: BackingDisk,
): Promise<string> {
  await mkdir(diskDirectory, { recursive: true });
  const disk = join(diskDirectory, "disk.qcow2");
  await createOverlay(disk, backing);
  return disk;
}

async function start(
  started: RunningHost["started"],
  spec: MachineSpec,
  options: StartHostOptions,
  up: (machine: RunningMachine, attached: (host: BootedHost) => BootedHost) => Promise<BootedHost>,
): Promise<RunningHost> {
  const { image, directory, hostname, signal } = options;
  const { timeFactor } = options.runtime;
  const identity = newIdentity(hostname);
  const scratch = options.diskDirectory ?? directory;
  await mkdir(scratch, { recursive: true });
  const machine = await startMachine(spec, { dir: directory, scratch, ...(signal && { signal }) });
  let host: BootedHost | undefined;
  try {
    await options.onMachine?.(machine);
    const facts = await unlessLost(image.spec.name, machine, signal, async () => {
      host = await up(machine, (attached) => {
        host = attached;
        return attached;
      });
      const identified = options.phase("identity");
      await giveIdentity(host, identity);
      identified();
      await options.onIdentified?.(host);
      const checked = options.phase("health");
      const found = await checkHealth(host, image);
      checked();
      return found;
    });
    if (!host) throw new TypeError("a healthy host is attached");
    const { handle } = host;
    const running: RunningHost = {
      ...{ host, machine, facts, identity, handle, started },
      lost: machine.fatal,
      consoleLines: (count) => machine.serial.lastLines(count),
      interrogate: (into) => interrogate(machine, into, timeFactor),
      openSsh: (keyDirectory) => openSsh(running, keyDirectory),
      reattach: async () => {
        await running.host.detach();
        return (running.host = await attach(machine, options, CLONE_SECONDS));
      },
      stop: async () => {
        await running.host.detach();
        await machine.stop();
      },
    };
    return running;
  } catch (error) {
    if (error instanceof HostNotReady) await interrogate(machine, directory, timeFactor);
    if (host && !(error instanceof HostLost) && signal?.aborted !== true) {
      await options.onBroken?.(host).catch(() => undefined);
    }
    await host?.detach();
    await machine.stop();
    throw error;
  }
}

/** Runs `work` unless the machine dies under it first. */
export async function unlessLost<T>(
  name: string,
  machine: RunningMachine,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const lost = machine.fatal.then((fatal) => {
    throw new HostLost(name, fatal.sentence, undefined, fatal.kind);
  });
  let stopWaiting = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => {
      reject(signal?.reason as Error);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    stopWaiting = () => signal?.removeEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([work(), lost, aborted]);
  } finally {
    stopWaiting();
  }
}

async function attach(
  machine: RunningMachine,
  options: StartHostOptions,
  seconds: number,
): Promise<BootedHost> {
  const { image, runtime, hostname, signal } = options;
  const handle: HostHandle = {
    name: image.spec.name,
    hostname,
    reach: { kind: "channel", socket: machine.channelSocket },
    timeFactor: runtime.timeFactor,
    kernelVersion: image.kernelVersion,
    kit: ownKit(image.kernelVersion),
  };
  const timeoutMs = seconds * 1000 * runtime.timeFactor;
  try {
    const transport = await ChannelTransport.connect(machine.channelSocket, {
      timeoutMs,
      ...(signal && { signal }),
    });
    return new BootedHost(handle, transport);
  } catch (error) {
    if (!(error instanceof ChannelUnavailable)) throw error;
    const last = machine.serial.lastLines(20).findLast((line) => line.trim() !== "") ?? "";
    throw new HostNotReady(image.spec.name, "its command channel", timeoutMs / 1000, last, error);
  }
}
