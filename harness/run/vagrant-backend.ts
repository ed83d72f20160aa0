import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../base/error.ts";
import { killByIdentity } from "../base/process-identity.ts";
import type { HostImage } from "../image/host-image.ts";
import type { Store } from "../image/store.ts";
import type { SshTarget } from "../channel/ssh-transport.ts";
import { ownKey } from "../host/ssh-access.ts";
import type { AccelProfile } from "../machine/cpu-profile.ts";
import type { Workspace } from "../host/workspace.ts";
import type { BackendName, HostSpec } from "../spec/host-spec.ts";
import { ensureBox } from "../vagrant/box-store.ts";
import { emulatedProfile } from "../vagrant/build-box.ts";
import { PrivateLibvirt } from "../vagrant/private-libvirt.ts";
import { foreignMachine, ownMachine, type VagrantMachine } from "../vagrant/vagrant-machine.ts";
import type { PreparedHost } from "./backend.ts";
import { isOurs } from "./lasting-refusal.ts";
import { phaseClock, type PhaseClock } from "./phase-clock.ts";
import { templateLogs } from "./prepare.ts";
import { coresOf } from "./qemu-backend.ts";
import type { CellCost } from "./scheduler.ts";
import { SshBackend, type LastingBackendOptions } from "./ssh-backend.ts";

/** Machines of one run have names of one letter: they are in the paths of their sockets. */
const LETTERS = "hijklmnopqrstuvwxyzabcdefg0123456789";

export interface VagrantBackendOptions extends LastingBackendOptions {
  /** Of hosts of ours; it may change until `image` has given theirs. */
  profile: AccelProfile;
  runPath: string;
  store: Store;
  workspace: Workspace;
  image(spec: HostSpec): Promise<HostImage>;
  /** Images boot as the distribution has them. */
  untuned?: boolean;
}

/**
 * Hosts that Vagrant brings up: of ours the box, in a libvirt of the run's own; of others
 * whatever their Vagrantfile says. One machine a host and run, on which cells take turns.
 */
export class VagrantBackend extends SshBackend {
  override readonly name: BackendName = "vagrant";
  readonly #options: VagrantBackendOptions;
  readonly #machines: VagrantMachine[] = [];
  #made = 0;
  #libvirt: Promise<PrivateLibvirt> | undefined;

  constructor(options: VagrantBackendOptions) {
    super(options);
    this.#options = options;
  }

  override prepareCost({ memoryMiB, vcpus }: HostSpec): CellCost {
    return { memoryMiB, cores: vcpus };
  }

  /** A machine that is not up yet, with all that it needs; `close` ends it. */
  async machine(spec: HostSpec): Promise<VagrantMachine> {
    const { place } = spec;
    const { runPath, workspace, timeFactor } = this.#options;
    const log = join(templateLogs(runPath, spec.name), "vagrant.log");
    const directory = join(workspace.path, `vagrant-${spec.name}`);
    const machine =
      place?.backend === "vagrant"
        ? await foreignMachine(place, { directory, log, timeFactor })
        : await this.#own(spec, directory, log);
    this.#machines.push(machine);
    return machine;
  }

  /** Brings it up; should this process die, a later run finds what it has started. */
  async up(machine: VagrantMachine): Promise<SshTarget> {
    const target = await machine.up(this.#options.signal);
    await this.#note();
    return target;
  }

  override async prepare(spec: HostSpec): Promise<PreparedHost> {
    const { bus } = this.#options;
    const machine = await this.machine(spec);
    const clock = phaseClock(bus, `vagrant:${spec.name}`);
    try {
      const up = clock("up");
      const target = await this.up(machine);
      up();
      const isKept = isOurs(spec) && (await this.#keep(machine, clock));
      return await this.adopt(spec, target, "vagrant ssh", {
        console: machine.serial,
        ...(isKept && { bootLog: await this.#bootLog(machine, spec) }),
        ...(isOurs(spec) && { cores: coresOf(spec, this.#options.profile) }),
        ...(isKept && { renew: (until) => this.#renew(machine, until) }),
        emulated: isOurs(spec) && this.#options.profile.accel === "tcg",
      });
    } finally {
      clock.abandon();
    }
  }

  override async close(): Promise<void> {
    const { bus } = this.#options;
    await super.close();
    for (const machine of this.#machines.splice(0)) {
      await machine.end().catch((error: unknown) => {
        bus.emit("warning", {
          message: `a machine of Vagrant's may still be there: ${messageOf(error)}`,
        });
      });
    }
    const libvirt = await this.#libvirt?.catch(() => undefined);
    // What Vagrant could not destroy would outlive its daemon.
    for (const { pid, startTime } of (await libvirt?.machines()) ?? []) {
      await killByIdentity(pid, startTime);
    }
    await libvirt?.stop();
  }

  /** Whether the machine can come back to the state that it is in. */
  async #keep(machine: VagrantMachine, clock: PhaseClock): Promise<boolean> {
    const { bus, signal } = this.#options;
    const kept = clock("snapshot");
    try {
      await machine.keep(signal);
      kept();
      return true;
    } catch (error) {
      signal.throwIfAborted();
      kept("none");
      const message = `cells take turns on one host, for there is no snapshot: ${messageOf(error)}`;
      bus.emit("warning", { message });
      return false;
    }
  }

  /** Each later QEMU empties the file that it writes its console to. */
  async #bootLog({ serial }: VagrantMachine, spec: HostSpec): Promise<string | undefined> {
    if (serial === undefined) return undefined;
    const path = join(templateLogs(this.#options.runPath, spec.name), "serial.log");
    try {
      await copyFile(serial, path);
      return path;
    } catch (error) {
      const message = `the console of ${spec.name}'s boot is missing: ${messageOf(error)}`;
      this.#options.bus.emit("warning", { message });
      return undefined;
    }
  }

  async #renew(machine: VagrantMachine, signal: AbortSignal): Promise<void> {
    await machine.renew(signal);
    // The snapshot is loaded by another process than the one that took it.
    await this.#note();
  }

  async #own(spec: HostSpec, directory: string, log: string): Promise<VagrantMachine> {
    const { cache, store, signal, bus, untuned = false } = this.#options;
    const key = await ownKey(cache);
    const clock = phaseClock(bus, `vagrant:${spec.name}`);
    try {
      const image = await this.#options.image(spec);
      const { profile, timeFactor } = this.#options;
      const box = await ensureBox({
        ...{ image, untuned },
        emulated: profile.accel === "tcg" ? profile : await emulatedProfile(untuned),
        keyFile: `${key.path}.pub`,
        store,
        scratch: join(cache, "scratch"),
        signal,
        phase: clock,
      });
      const libvirt = await this.#daemon();
      const letter = LETTERS[(this.#made += 1) - 1];
      if (letter === undefined) throw new TypeError("a run has no more hosts than letters");
      const own = {
        libvirt,
        box,
        host: spec.name,
        letter,
        identityFile: key.path,
        profile,
        vcpus: spec.vcpus,
      };
      return await ownMachine({ ...own, directory, log, timeFactor, signal });
    } finally {
      clock.abandon();
    }
  }

  #daemon(): Promise<PrivateLibvirt> {
    return (this.#libvirt ??= this.#startDaemon());
  }

  async #startDaemon(): Promise<PrivateLibvirt> {
    const { runPath, workspace } = this.#options;
    const logs = join(runPath, "templates");
    await mkdir(logs, { recursive: true });
    const directory = join(workspace.path, "libvirt");
    const libvirt = await PrivateLibvirt.start(directory, join(logs, "libvirtd.log"));
    await workspace.note(libvirt.process.pid, libvirt.process.startTime);
    return libvirt;
  }

  /** QEMU is libvirt's child and outlives us: a later run can end it. */
  async #note(): Promise<void> {
    const libvirt = await this.#libvirt;
    for (const { pid, startTime } of (await libvirt?.machines()) ?? []) {
      await this.#options.workspace.note(pid, startTime);
    }
  }
}
