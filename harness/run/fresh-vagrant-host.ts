import { join } from "node:path";
import type { EventBus } from "../events/bus.ts";
import { accessTo, type SshAccess } from "../host/ssh-access.ts";
import { Workspace } from "../host/workspace.ts";
import { Store } from "../image/store.ts";
import { accelerate } from "./accelerate.ts";
import { startAfterOthers, type FreshHostRequest } from "./fresh-host.ts";
import { phaseClock } from "./phase-clock.ts";
import { prepareImage } from "./prepare.ts";
import { VagrantBackend } from "./vagrant-backend.ts";

/** Gives `work` the way in to a host that Vagrant brings up, outside of any run, and ends it. */
export async function withVagrantHost<T>(
  request: Omit<FreshHostRequest, "cold">,
  bus: EventBus,
  work: (access: SshAccess) => Promise<T>,
): Promise<T> {
  const { spec, cache, accel, timeoutScale, signal } = request;
  await startAfterOthers(cache);
  const { runtime } = await accelerate(accel, timeoutScale, signal);
  const { profile, timeFactor } = runtime;
  const store = new Store(join(cache, "store"));
  const image = () => prepareImage(spec, { cache, store, bus, signal });
  await using workspace = await Workspace.create(cache);
  const runPath = workspace.path;
  const backend = new VagrantBackend({
    ...{ cache, store, bus, signal, workspace, runPath, profile, timeFactor },
    ...{ mayShare: async () => true, kitImage: image, image },
  });
  try {
    const machine = await backend.machine(spec);
    const up = phaseClock(bus, `vagrant:${spec.name}`)("up");
    const target = await backend.up(machine);
    up();
    return await work(accessTo(target));
  } finally {
    await backend.close();
  }
}
