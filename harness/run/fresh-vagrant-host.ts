import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { EventBus } from "../events/bus.ts";
import { accessTo, type SshAccess } from "../host/ssh-access.ts";
import { Workspace } from "../host/workspace.ts";
import { Store } from "../image/store.ts";
import { accelerate } from "./accelerate.ts";
import { runtimeFor, startAfterOthers, type FreshHostRequest } from "./fresh-host.ts";
import { isRenewable } from "./lasting-refusal.ts";
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
  const store = new Store(join(cache, "store"));
  const image = () => prepareImage(spec, { cache, store, bus, signal });
  const chosen = await accelerate(accel, timeoutScale, signal);
  const { profile, timeFactor } = isRenewable(spec)
    ? await runtimeFor(await image(), chosen, request)
    : chosen.runtime;
  await using workspace = await Workspace.create(cache);
  // Of one that does not come up they stay: the error names them.
  const runPath = join(cache, "logs", `shell-${basename(workspace.path)}`);
  const backend = new VagrantBackend({
    ...{ cache, store, bus, signal, workspace, runPath, profile, timeFactor },
    ...{ mayShare: async () => true, kitImage: image, image },
  });
  const clock = phaseClock(bus, `vagrant:${spec.name}`);
  try {
    const machine = await backend.machine(spec);
    const up = clock("up");
    const target = await backend.up(machine);
    up();
    const done = await work(accessTo(target));
    await rm(runPath, { recursive: true, force: true });
    return done;
  } finally {
    clock.abandon();
    await backend.close();
  }
}
