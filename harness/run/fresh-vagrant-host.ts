import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { EventBus } from "../events/bus.ts";
import { accessTo, type SshAccess } from "../host/ssh-access.ts";
import { Workspace } from "../host/workspace.ts";
import { Store } from "../image/store.ts";
import { accelerate, accelerationFor } from "./accelerate.ts";
import type { FreshHostRequest } from "./fresh-host.ts";
import { isOurs } from "./lasting-refusal.ts";
import { phaseClock } from "./phase-clock.ts";
import { prepareImage } from "./prepare.ts";
import { startAfterOthers } from "./start-after-others.ts";
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
  const chosen = await accelerate(accel, timeoutScale, signal);
  const own = isOurs(spec) ? await prepareImage(spec, { cache, store, bus, signal }) : undefined;
  const settled = own ? await accelerationFor(own.xen, chosen, request) : chosen;
  const { profile, timeFactor } = settled.runtime;
  const image = async () => own ?? prepareImage(spec, { cache, store, bus, signal });
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
