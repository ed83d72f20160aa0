import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { EventBus } from "../events/bus.ts";
import {
  bootHost,
  cloneHost,
  type HostRuntime,
  type RunningHost,
  type StartHostOptions,
  type TemplateFiles,
} from "../host/running-host.ts";
import { Workspace } from "../host/workspace.ts";
import type { HostImage } from "../image/host-image.ts";
import { Store } from "../image/store.ts";
import {
  accelerate,
  accelerationFor,
  type Acceleration,
  type AccelMode,
} from "../run/accelerate.ts";
import { prepareHost, prepareImage } from "../run/prepare.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { startAfterOthers } from "../run/start-after-others.ts";

export interface BenchRequest {
  spec: HostSpec;
  cache: string;
  accel: AccelMode;
  timeoutScale: number;
  signal: AbortSignal;
}

type Hooks = Partial<
  Pick<
    StartHostOptions,
    "hostname" | "onAttached" | "onIdentified" | "onIncoming" | "onResumed" | "pairEnd" | "phase"
  >
>;

/** Starts hosts to be measured; each has a directory of its own in one workspace. */
export class BenchSession implements AsyncDisposable {
  #started = 0;
  #template: Promise<TemplateFiles> | undefined;

  private constructor(
    readonly request: BenchRequest,
    readonly bus: EventBus,
    readonly store: Store,
    readonly image: HostImage,
    readonly acceleration: Acceleration,
    readonly workspace: Workspace,
  ) {}

  static async open(request: BenchRequest, bus: EventBus): Promise<BenchSession> {
    const { spec, cache, accel, timeoutScale, signal } = request;
    await startAfterOthers(cache);
    const store = new Store(join(cache, "store"));
    const image = await prepareImage(spec, { cache, store, bus, signal });
    const chosen = await accelerate(accel, timeoutScale, signal);
    const acceleration = await accelerationFor(image.xen, chosen, request);
    const workspace = await Workspace.create(cache);
    return new BenchSession(request, bus, store, image, acceleration, workspace);
  }

  get runtime(): HostRuntime {
    return this.acceleration.runtime;
  }

  /** The template in the shared store, made when it is not there. */
  template(): Promise<TemplateFiles> {
    return (this.#template ??= this.#prepareTemplate());
  }

  async clone(hooks: Hooks = {}): Promise<BenchHost> {
    const template = await this.template();
    return this.#start(this.image, this.runtime, hooks, (options) => cloneHost(template, options));
  }

  boot(image: HostImage, runtime: HostRuntime, hooks: Hooks = {}): Promise<BenchHost> {
    return this.#start(image, runtime, hooks, bootHost);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.workspace[Symbol.asyncDispose]();
  }

  async #prepareTemplate(): Promise<TemplateFiles> {
    const { cache, signal } = this.request;
    const options = { cache, store: this.store, bus: this.bus, signal };
    const where = { cold: false, runPath: this.workspace.path };
    const template = await prepareHost(this.image, this.runtime, where, options);
    if (!template) throw new TypeError("a host that is not cold has a template");
    return template;
  }

  async #start(
    image: HostImage,
    runtime: HostRuntime,
    hooks: Hooks,
    start: (options: StartHostOptions) => Promise<RunningHost>,
  ): Promise<BenchHost> {
    const { spec, signal } = this.request;
    const directory = join(this.workspace.path, `host-${(this.#started += 1)}`);
    const running = await start({
      image,
      runtime,
      hostname: spec.name,
      directory,
      signal,
      phase: () => () => undefined,
      onMachine: ({ process }) => this.workspace.note(process.pid, process.startTime),
      ...hooks,
    });
    const dispose = async (): Promise<void> => {
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    };
    return Object.assign(running, { [Symbol.asyncDispose]: dispose });
  }
}

/** Its end takes machine and directory away. */
export type BenchHost = RunningHost & AsyncDisposable;
