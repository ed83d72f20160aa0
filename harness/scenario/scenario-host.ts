import type { Readable, Writable } from "node:stream";
import type { ExecResult } from "../channel/transport.ts";
import { guestConsolePath, RunningGuest } from "../guest/running-guest.ts";
import { domainXml } from "../guest/domain-xml.ts";
import type { GuestDefinition } from "../guest/domain.ts";
import type { BootedHost, RunOptions } from "../host/booted-host.ts";
import { OWN_GUEST } from "../host/lasting-host.ts";
import type { MachineAction } from "../machine/machine-control.ts";
import { contractOf, novaInstance, type Contract, type Properties } from "../openstack/contract.ts";
import type { HostOffers } from "../openstack/capabilities.ts";
import { offersOf, startInstance } from "../openstack/nova-guest.ts";
import { createBootDisk, type BootDiskOptions } from "./boot-disk.ts";
import { DataDisk, type DataDiskOptions } from "./data-disk.ts";

/** A guest as a scenario asks for it: only the type has no default. */
export type GuestOptions = Pick<GuestDefinition, "type"> &
  Partial<GuestDefinition> & {
    /** Words behind the default kernel command line, such as `xenloop.watch=yes`. */
    append?: string;
    /** No kernel, initrd and command line but those that are given: they come from its disk. */
    fromDisk?: boolean;
  };

/** What a guest does at each tick besides counting. */
export interface Workload {
  /** Memory that it writes, and verifies at the next tick. */
  memoryKiB?: number;
  /** Further words of its command line, such as `xenloop.disklog=xvda`. */
  words?: readonly string[];
}

/** Does something to the machine under a host; the runner owns it. */
export type MachineDoer = (action: MachineAction) => Promise<void>;

function nobody(action: MachineAction): Promise<void> {
  return Promise.reject(new TypeError(`nobody here can ${action} a machine`));
}

/** A booted Xen host as a scenario sees it. */
export class ScenarioHost {
  readonly #booted: BootedHost;
  readonly #guests: RunningGuest[] = [];
  readonly #machine: MachineDoer;
  #disks = 0;
  #frozen = false;
  #instances = 0;
  #offers: Promise<HostOffers> | undefined;

  constructor(
    booted: BootedHost,
    /** Guests stay when the scenario is over, for somebody to look at. */
    readonly keepsGuests = false,
    machine: MachineDoer = nobody,
  ) {
    this.#booted = booted;
    this.#machine = machine;
  }

  /** Name of the host file, e.g. `debian-12`. */
  get name(): string {
    return this.#booted.name;
  }

  /** Its name in its network; `xen-a` and `xen-b` in a pair. */
  get hostname(): string {
    return this.#booted.handle.hostname;
  }

  /** Path in dom0 of its own kernel, as the distribution packs it; any guest can be given it. */
  get guestKernel(): string {
    return this.#booted.handle.kit.kernel;
  }

  /** Runs a command in dom0: argv, no shell. A status other than 0 throws unless `anyStatus`. */
  run(argv: readonly string[], options?: RunOptions): Promise<ExecResult> {
    return this.#booted.run(argv, options);
  }

  /**
   * Stops all processors of the host at once, as if it had lost its power: nothing of it answers
   * until `thaw`, commands neither. Its clock stands still meanwhile.
   */
  async freeze(): Promise<void> {
    this.#frozen = true;
    await this.#machine("freeze");
  }

  async thaw(): Promise<void> {
    await this.#machine("thaw");
    this.#frozen = false;
  }

  /** Pulls its end of the pair's wire; the other host sees its own end up. */
  unplug(): Promise<void> {
    return this.#machine("unplug");
  }

  plug(): Promise<void> {
    return this.#machine("plug");
  }

  /** `virsh --connect xen:///system …` */
  virsh(argv: readonly string[], options?: RunOptions): Promise<ExecResult> {
    return this.#booted.virsh(argv, options);
  }

  xl(argv: readonly string[], options?: RunOptions): Promise<ExecResult> {
    return this.#booted.xl(argv, options);
  }

  upload(source: Readable, path: string, mode?: number): Promise<void> {
    return this.#booted.upload(source, path, mode);
  }

  download(path: string, sink: Writable): Promise<void> {
    return this.#booted.download(path, sink);
  }

  /** Makes a small disk image in dom0, with a known first block. */
  disk(options: DataDiskOptions = {}): Promise<DataDisk> {
    return DataDisk.create(this.#booted, `disk-${this.#disks++}`, options);
  }

  /** Makes a disk image in dom0 that the reporting guest boots from, by its boot loader. */
  bootDisk(options: BootDiskOptions = {}): Promise<DataDisk> {
    return createBootDisk(this.#booted, `boot-${this.#disks++}`, options);
  }

  /** The reporting guest of the given type, with whatever is said over its defaults. */
  define({ append, fromDisk = false, ...options }: GuestOptions): GuestDefinition {
    const disks = options.disks ?? [];
    const { kit } = this.#booted.handle;
    const hard = disks.filter(({ device }) => device !== "cdrom");
    const direct = {
      // QEMU loads a packed kernel only.
      kernel: options.type === "hvm" ? this.guestKernel : kit.unpacked,
      initrd: kit.initrd,
      cmdline: [
        ...["console=hvc0", "loglevel=4", "panic=-1", `xenloop.disks=${hard.length}`],
        // On AMD of family 15 Linux looks for an AGP bridge on all 256 buses, 8192 exits to QEMU.
        // A skewed TSC found late makes Linux rewrite its code while other processors run it, which
        // QEMU does not always emulate rightly.
        ...(options.type === "hvm" ? ["pci=noearly", "tsc=unstable"] : []),
        ...(append === undefined ? [] : [append]),
      ].join(" "),
    };
    return {
      name: `${options.type}-guest-${this.#guests.length}`,
      memoryMiB: 128,
      vcpus: 1,
      ...(fromDisk ? {} : direct),
      nics: [],
      // A guest that resets, as by a triple fault, must not pass at its second attempt.
      onReboot: "destroy",
      ...(this.#booted.handle.lasting && { description: OWN_GUEST }),
      ...options,
      disks,
    };
  }

  /** Creates and starts a guest through libvirt. @throws {GuestRefused} */
  async start(options: GuestOptions): Promise<RunningGuest> {
    const definition = this.define(options);
    const consoleStart = await this.#said(definition.name);
    const guest = await RunningGuest.create(this.#booted, definition, { consoleStart });
    this.#guests.push(guest);
    return guest;
  }

  /**
   * What Nova 22 makes of an image with these properties on this host, up to the domain.
   * @throws {ImagePropertyInvalid | HardwareUnsupported} where Nova refuses the image
   */
  async nova(properties: Properties): Promise<Contract> {
    this.#offers ??= offersOf(this.#booted);
    return contractOf(properties, await this.#offers, novaInstance(this.#instances + 1));
  }

  /** Boots what Nova made: from its disk, by its XML. The next contract is the next instance's. */
  async startAsNova(contract: Contract): Promise<RunningGuest> {
    this.#instances += 1;
    const consoleStart = await this.#said(contract.instance.name);
    const guest = await startInstance(this.#booted, contract, consoleStart);
    this.#guests.push(guest);
    return guest;
  }

  /** Defines a persistent guest and starts it; whoever does so undefines it. */
  async startDefined(options: GuestOptions): Promise<RunningGuest> {
    const definition = this.define(options);
    await this.virsh(["define", "/dev/stdin"], { input: domainXml(definition) });
    await this.virsh(["start", definition.name], { timeoutMs: 120_000 });
    return this.follow(definition);
  }

  /** `virsh restore` of a guest saved to `path`; its console is followed again. */
  async restore(saved: RunningGuest, path: string): Promise<RunningGuest> {
    await this.#booted.virsh(["restore", path], { timeoutMs: 120_000 });
    return this.follow(saved.definition);
  }

  /**
   * A guest whose console tells what a migration does to it: see the reporter's /init. It has
   * as little memory as it can live with, since all of it goes over the wire.
   */
  startWorkload(options: GuestOptions, { memoryKiB = 256, words = [] }: Workload = {}) {
    const definition = this.define({ memoryMiB: 96, ...options });
    const asked = [`xenloop.memory=${memoryKiB}`, ...words];
    return this.start({ ...definition, cmdline: [definition.cmdline, ...asked].join(" ") });
  }

  /** Bytes that the console log of a guest of that name has; 0 when there is none. */
  async consoleBytes(name: string): Promise<number> {
    const argv = ["stat", "--format=%s", guestConsolePath(name)];
    const { stdout, exitCode } = await this.run(argv, { anyStatus: true });
    return exitCode === 0 ? Number(stdout) : 0;
  }

  /** What guests of that name have said before; only on a host that lasts there were any. */
  async #said(name: string): Promise<number> {
    return this.#booted.handle.lasting ? this.consoleBytes(name) : 0;
  }

  /** Follows a domain that is already there, its console from that byte on. */
  follow(definition: GuestDefinition, consoleStart = 0): RunningGuest {
    const guest = RunningGuest.follow(this.#booted, definition, consoleStart);
    this.#guests.push(guest);
    return guest;
  }

  /** Destroys every guest started or followed here, or lets it go; when the body is over. */
  async destroyGuests(): Promise<void> {
    if (this.#frozen) await this.thaw();
    for (const guest of this.#guests.splice(0)) {
      await (this.keepsGuests ? guest.letGo() : guest.destroy());
    }
  }
}
