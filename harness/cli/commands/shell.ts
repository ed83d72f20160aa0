import { accessTo, type SshAccess } from "../../host/ssh-access.ts";
import { backendOf } from "../../run/lasting-refusal.ts";
import { targetOf } from "../../run/ssh-backend.ts";
import type { CliContext } from "../context.ts";
import { onFreshHost, onVagrantHost } from "../fresh-host.ts";
import { interactiveSsh } from "../interactive-ssh.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./shell.command.ts";

export async function run(
  ctx: CliContext,
  options: OptionsOf<typeof spec>,
  [name = "", ...command]: readonly string[],
): Promise<number> {
  const spec = (await ctx.hosts()).get(name);
  const { place } = spec;
  const { cache, backend } = (await ctx.settings()).values;
  const open = (access: SshAccess): Promise<number> => {
    if (ctx.verbose) ctx.stderr.write(`${access.command}\n`);
    return interactiveSsh(access, command);
  };
  if (place?.backend === "ssh") return open(accessTo(targetOf(place)));
  if (backendOf(spec, backend) === "vagrant") return onVagrantHost(ctx, spec, options, open);
  return onFreshHost(ctx, name, options, async (host) => open(await host.openSsh(cache)));
}
