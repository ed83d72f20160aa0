import { openSsh } from "../../host/ssh-access.ts";
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
  return onFreshHost(ctx, name, options, async (host) => {
    const { cache } = (await ctx.settings()).values;
    const access = await openSsh(host, cache);
    if (ctx.verbose) ctx.stderr.write(`${access.command}\n`);
    return interactiveSsh(access, command);
  });
}
