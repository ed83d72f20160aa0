import { join } from "node:path";
import type { EventBus } from "../events/bus.ts";
import { bootHost, type RunningHost } from "../host/running-host.ts";
import { Workspace } from "../host/workspace.ts";
import { Store } from "../image/store.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import { accelerate, accelerationFor, type AccelRequest } from "./accelerate.ts";
import { cloneOrBoot } from "./clone-or-boot.ts";
import { phaseClock } from "./phase-clock.ts";
import { prepareHost, prepareImage } from "./prepare.ts";
import { startAfterOthers } from "./start-after-others.ts";

export interface FreshHostRequest extends AccelRequest {
  spec: HostSpec;
  cache: string;
  cold: boolean;
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
  const { runtime } = await accelerationFor(image.xen, chosen, request);
  await using workspace = await Workspace.create(cache);
  const where = { cold, runPath: workspace.path };
  const template = await prepareHost(image, runtime, where, options);
  const clock = phaseClock(bus, spec.name);
  const start = {
    image,
    runtime,
    hostname: spec.name,
    directory: join(workspace.path, "host"),
    signal,
    phase: clock,
    onMachine: (machine: RunningHost["machine"]) =>
      workspace.note(machine.process.pid, machine.process.startTime),
  };
  const host = await cloneOrBoot(template, start, {
    boot: () => bootHost(start),
    onFallback: (_, why) => {
      clock.abandon();
      const message = `${spec.name}: the clone is thrown away, the host is booted instead: ${why}`;
      bus.emit("warning", { message });
    },
  });
  try {
    return await work(host);
  } finally {
    await host.stop();
  }
}
