import { EventBus } from "../events/bus.ts";
import type { SshAccess } from "../host/ssh-access.ts";
import type { RunningHost } from "../host/running-host.ts";
import { withFreshHost } from "../run/fresh-host.ts";
import { withVagrantHost } from "../run/fresh-vagrant-host.ts";
import { isOurs } from "../run/lasting-refusal.ts";
import type { HostSpec } from "../spec/host-spec.ts";
import type { CliContext } from "./context.ts";
import { narrate } from "./narrate.ts";
import { ensurePackages } from "./packages.ts";

/** Gives `work` a fresh host of that name, outside of any run; what takes long is said. */
export async function onFreshHost<T>(
  ctx: CliContext,
  name: string,
  { cold, yes }: { cold: boolean; yes: boolean },
  work: (host: RunningHost) => Promise<T>,
): Promise<T> {
  const spec = (await ctx.hosts()).get(name);
  await ensurePackages(ctx, { yes });
  const { request, bus } = await outsideOfRuns(ctx, spec);
  return withFreshHost({ ...request, cold }, bus, work);
}

/** Gives `work` the way in to a host that Vagrant brings up; what takes long is said. */
export async function onVagrantHost<T>(
  ctx: CliContext,
  spec: HostSpec,
  { yes }: { yes: boolean },
  work: (access: SshAccess) => Promise<T>,
): Promise<T> {
  await ensurePackages(ctx, { yes, ...(isOurs(spec) && { use: "boxes" }) });
  const { request, bus } = await outsideOfRuns(ctx, spec);
  return withVagrantHost(request, bus, work);
}

async function outsideOfRuns(ctx: CliContext, spec: HostSpec) {
  const { cache, accel, timeoutScale } = (await ctx.settings()).values;
  const bus = new EventBus();
  bus.subscribe(narrate(ctx));
  return { bus, request: { spec, cache, accel, timeoutScale, signal: ctx.signal } };
}
