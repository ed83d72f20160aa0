import { accessTo } from "../../host/ssh-access.ts";
import { targetOf } from "../../run/ssh-backend.ts";
import type { CliContext } from "../context.ts";
import { onFreshHost } from "../fresh-host.ts";
import { interactiveSsh } from "../interactive-ssh.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./shell.command.ts";

export async function run(
  ctx: CliContext,
  options: OptionsOf<typeof spec>,
  [name = "", ...command]: readonly string[],
): Promise<number> {
  const { place } = (await ctx.hosts()).get(name);
  if (place?.backend === "ssh") return interactiveSsh(accessTo(targetOf(place)), command);
  return onFreshHost(ctx, name, options, async (host) => {
    const access = await host.openSsh((await ctx.settings()).values.cache);
    if (ctx.verbose) ctx.stderr.write(`${access.command}\n`);
    return interactiveSsh(access, command);
  });
}
