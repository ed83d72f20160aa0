import { EventBus } from "../events/bus.ts";
import type { SshAccess } from "../host/ssh-access.ts";
import type { RunningHost } from "../host/running-host.ts";
import { withFreshHost } from "../run/fresh-host.ts";
import { withVagrantHost } from "../run/fresh-vagrant-host.ts";
import { isRenewable } from "../run/lasting-refusal.ts";
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
  const { cache, accel, timeoutScale } = (await ctx.settings()).values;
  const bus = new EventBus();
  bus.subscribe(narrate(ctx));
  return withFreshHost({ spec, cache, accel, timeoutScale, cold, signal: ctx.signal }, bus, work);
}

/** Gives `work` the way in to a host that Vagrant brings up; what takes long is said. */
export async function onVagrantHost<T>(
  ctx: CliContext,
  name: string,
  { yes }: { yes: boolean },
  work: (access: SshAccess) => Promise<T>,
): Promise<T> {
  const spec = (await ctx.hosts()).get(name);
  await ensurePackages(ctx, { yes, ...(isRenewable(spec) && { use: "boxes" }) });
  const { cache, accel, timeoutScale } = (await ctx.settings()).values;
  const bus = new EventBus();
  bus.subscribe(narrate(ctx));
  return withVagrantHost({ spec, cache, accel, timeoutScale, signal: ctx.signal }, bus, work);
}
