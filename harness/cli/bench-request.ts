import { EventBus } from "../events/bus.ts";
import type { BenchRequest } from "../bench/session.ts";
import type { CliContext } from "./context.ts";
import { narrate } from "./narrate.ts";
import { ensurePackages } from "./packages.ts";

/** What bench and its soak start from; events of images and templates go to standard error. */
export async function benchRequest(
  ctx: CliContext,
  options: { host: string | undefined; yes: boolean; compare?: string | undefined },
): Promise<{ request: BenchRequest; bus: EventBus }> {
  const { values } = await ctx.settings();
  const spec = (await ctx.hosts()).get(options.host ?? values.defaultHosts[0] ?? "debian-12");
  const needsBoxes = options.compare !== undefined;
  await ensurePackages(ctx, { yes: options.yes, ...(needsBoxes && { use: "boxes" }) });
  const bus = new EventBus();
  bus.subscribe(narrate(ctx));
  const { cache, accel, timeoutScale } = values;
  return { bus, request: { spec, cache, accel, timeoutScale, signal: ctx.signal } };
}
