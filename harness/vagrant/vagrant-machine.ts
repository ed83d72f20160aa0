import { createServer } from "node:net";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { SshTarget } from "../channel/ssh-transport.ts";
import type { AccelProfile } from "../machine/cpu-profile.ts";
import type { VagrantPlace } from "../spec/host-spec.ts";
import { VagrantUnreadable } from "./errors.ts";
import { parseVagrant } from "./machine-readable.ts";
import { ownVagrantfile } from "./own-vagrantfile.ts";
import type { PrivateLibvirt } from "./private-libvirt.ts";
import { parseSshConfig } from "./ssh-config.ts";
import { Vagrant } from "./vagrant.ts";

const UP_SECONDS = 600;
const ANSWER_SECONDS = 60;
const SNAPSHOT_SECONDS = 120;
const END_SECONDS = 120;
const FLAG = "--machine-readable";
/** Of the state to come back to; a machine of ours has no other. */
const SNAPSHOT = "fresh";

export interface VagrantMachineOptions {
  vagrant: Vagrant;
  timeFactor: number;
  /** Serial console of a machine of ours. */
  serial?: string;
  /** Words of `vagrant up`. */
  up?: readonly string[];
}

/** One machine of one Vagrantfile. */
export class VagrantMachine {
  readonly #options: VagrantMachineOptions;
  /** What brings it back to how it was found. */
  #undo: readonly string[] | undefined;

  constructor(options: VagrantMachineOptions) {
    this.#options = options;
  }

  get serial(): string | undefined {
    return this.#options.serial;
  }

  /** Brings it up and tells how to reach it. One that ran already is left running afterwards. */
  async up(signal: AbortSignal): Promise<SshTarget> {
    const { up = [] } = this.#options;
    const state = await this.#state(signal);
    if (state !== "running") {
      // Before: what is half up has to go as well.
      this.#undo = state === "not_created" ? ["destroy", "--force", FLAG] : ["halt", FLAG];
      await this.#run(["up", ...up, FLAG], UP_SECONDS, signal);
    }
    return parseSshConfig(await this.#run(["ssh-config"], ANSWER_SECONDS, signal));
  }

  /** Keeps the state it is in, memory and disk. @throws {VagrantFailed} of a provider that cannot */
  async keep(signal: AbortSignal): Promise<void> {
    await this.#run(["snapshot", "save", FLAG, SNAPSHOT], SNAPSHOT_SECONDS, signal);
  }

  /** Brings it back to the state that was kept; connections to it end. */
  async renew(signal: AbortSignal): Promise<void> {
    const how = ["--no-provision", FLAG];
    await this.#run(["snapshot", "restore", ...how, SNAPSHOT], SNAPSHOT_SECONDS, signal);
  }

  /** Runs when everything else is over, so no signal cuts it off. */
  async end(): Promise<void> {
    if (this.#undo) await this.#run(this.#undo, END_SECONDS);
    this.#undo = undefined;
  }

  async #state(signal: AbortSignal): Promise<string> {
    const text = await this.#run(["status", FLAG], ANSWER_SECONDS, signal);
    const states = parseVagrant(text).filter(({ type }) => type === "state");
    const [only] = states;
    if (only && states.length === 1) return only.data[0] ?? "";
    const lacks = only ? "of one machine, but of several" : "the state of any machine";
    throw new VagrantUnreadable("vagrant status", lacks, text);
  }

  #run(words: readonly string[], seconds: number, signal?: AbortSignal): Promise<string> {
    const { vagrant, timeFactor } = this.#options;
    return vagrant.run(words, { seconds: seconds * timeFactor, ...(signal && { signal }) });
  }
}

export interface OwnMachineOptions {
  libvirt: PrivateLibvirt;
  /** File of the box. */
  box: string;
  host: string;
  /** One letter or digit that no other machine of the same libvirt has. */
  letter: string;
  identityFile: string;
  profile: Pick<AccelProfile, "accel" | "cpu">;
  vcpus: number;
  directory: string;
  log: string;
  timeFactor: number;
  signal: AbortSignal;
}

/** A machine made from a box of ours, in a libvirt and a Vagrant of this run's own. */
export async function ownMachine(options: OwnMachineOptions): Promise<VagrantMachine> {
  const {
    libvirt,
    box,
    host,
    letter,
    identityFile,
    profile,
    vcpus,
    directory,
    log,
    timeFactor,
    signal,
  } = options;
  const serial = join(directory, "serial.log");
  const [cwd, home, pool] = ["machine", "vagrant-home", "pool"].map((name) =>
    join(directory, name),
  );
  if (!cwd || !home || !pool) throw new TypeError("three names are three paths");
  for (const path of [cwd, home, pool]) await mkdir(path, { recursive: true });
  const name = `xenloop/${host}`;
  const port = await freePort();
  const cpu = profile.accel === "tcg" ? profile.cpu : undefined;
  const text = ownVagrantfile({ box: name, letter, port, identityFile, cpu, vcpus, pool, serial });
  await writeFile(join(cwd, "Vagrantfile"), text);
  const env = { ...libvirt.env, VAGRANT_HOME: home, XENLOOP_ACCEL: profile.accel };
  const vagrant = new Vagrant({ cwd, env, prefix: libvirt.prefix, log });
  await vagrant.run(["box", "add", "--name", name, FLAG, box], {
    seconds: END_SECONDS * timeFactor,
    signal,
  });
  return new VagrantMachine({ vagrant, timeFactor, serial, up: ["--provider=libvirt"] });
}

/** The machine of somebody's own Vagrantfile or box, with their Vagrant as it is set up. */
export async function foreignMachine(
  place: VagrantPlace,
  options: { directory: string; log: string; timeFactor: number },
): Promise<VagrantMachine> {
  const { directory, log, timeFactor } = options;
  let file = place.vagrantfile;
  if (file === undefined) {
    await mkdir(directory, { recursive: true });
    file = join(directory, "Vagrantfile");
    const box = JSON.stringify(place.box);
    await writeFile(file, `Vagrant.configure("2") { |config| config.vm.box = ${box} }\n`);
  }
  const env = { VAGRANT_VAGRANTFILE: basename(file) };
  const vagrant = new Vagrant({ cwd: dirname(file), env, prefix: [], log });
  return new VagrantMachine({ vagrant, timeFactor });
}

/** QEMU takes no port of the kernel's choice here: nobody would be told which. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new TypeError("a TCP port is bound");
  return address.port;
}
