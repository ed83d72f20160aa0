import { EventBus } from "../../events/bus.ts";
import { openSsh } from "../../host/ssh-access.ts";
import { withFreshHost } from "../../run/fresh-host.ts";
import type { CliContext } from "../context.ts";
import { interactiveSsh } from "../interactive-ssh.ts";
import { ensurePackages } from "../packages.ts";
import { narrate } from "../narrate.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./shell.command.ts";

export async function run(
  ctx: CliContext,
  options: OptionsOf<typeof spec>,
  [name = "", ...command]: readonly string[],
): Promise<number> {
  const spec = (await ctx.hosts()).get(name);
  await ensurePackages(ctx, { yes: options.yes });
  const { values } = await ctx.settings();
  const bus = new EventBus();
  bus.subscribe(narrate(ctx));
  return withFreshHost(
    {
      spec,
      cache: values.cache,
      accel: values.accel,
      timeoutScale: values.timeoutScale,
      cold: options.cold,
      signal: ctx.signal,
    },
    bus,
    async (host) => {
      const access = await openSsh(host, values.cache);
      if (ctx.verbose) ctx.stderr.write(`${access.command}\n`);
      return interactiveSsh(access, command);
    },
  );
}
