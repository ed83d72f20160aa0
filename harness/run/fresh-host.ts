import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import type { EventBus } from "../events/bus.ts";
import { bootHost, cloneHost, type HostRuntime, type RunningHost } from "../host/running-host.ts";
import { reapWorkspaces, Workspace } from "../host/workspace.ts";
import type { HostImage } from "../image/host-image.ts";
import { Store } from "../image/store.ts";
import { sweepSocketDirs } from "../machine/socket-dir.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { accelerate, xenRefusesKvm, type Acceleration, type AccelMode } from "./accelerate.ts";
import { phaseClock } from "./phase-clock.ts";
import { prepareHost, prepareImage } from "./prepare.ts";

export interface FreshHostRequest {
  spec: HostSpec;
  cache: string;
  accel: AccelMode;
  timeoutScale: number;
  cold: boolean;
  signal: AbortSignal;
}

/** Gives `work` a fresh host outside of any run, and throws the host away afterwards. */
export async function withFreshHost<T>(
  request: FreshHostRequest,
  bus: EventBus,
  work: (host: RunningHost) => Promise<T>,
): Promise<T> {
  const { spec, cache, accel, timeoutScale, cold, signal } = request;
  await startAfterOthers(cache);
  const store = new Store(join(cache, "store"));
  const options = { cache, store, bus, signal };
  const [image, chosen] = await Promise.all([
    prepareImage(spec, options),
    accelerate(accel, timeoutScale, signal),
  ]);
  const runtime = await runtimeFor(image, chosen, request);
  await using workspace = await Workspace.create(cache);
  const where = { cold, runPath: workspace.path };
  const template = await prepareHost(image, runtime, where, options);
  const start = {
    image,
    runtime,
    hostname: spec.name,
    directory: join(workspace.path, "host"),
    signal,
    phase: phaseClock(bus, spec.name),
    onMachine: (machine: RunningHost["machine"]) =>
      workspace.note(machine.process.pid, machine.process.startTime),
  };
  const host = template ? await cloneHost(template, start) : await bootHost(start);
  try {
    return await work(host);
  } finally {
    await host.stop();
  }
}

/** KVM where it runs the image's Xen, or what was asked for. */
export async function runtimeFor(
  image: Pick<HostImage, "xen">,
  { runtime }: Acceleration,
  { accel, timeoutScale, signal }: Pick<FreshHostRequest, "accel" | "timeoutScale" | "signal">,
): Promise<HostRuntime> {
  if (runtime.profile.accel !== "kvm") return runtime;
  const refusal = await xenRefusesKvm(image.xen, accel, signal);
  return refusal === undefined ? runtime : (await accelerate("tcg", timeoutScale, signal)).runtime;
}

/** Makes the cache where it is not there, and ends what dead runs have left. */
export async function startAfterOthers(cache: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  await sweepSocketDirs();
  await reapWorkspaces(cache);
}
