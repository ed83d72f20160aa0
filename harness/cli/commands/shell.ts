import { accessTo, type SshAccess } from "../../host/ssh-access.ts";
import { unlessLost } from "../../host/running-host.ts";
import { backendOf } from "../../run/lasting-refusal.ts";
import { targetOf } from "../../run/ssh-backend.ts";
import type { CliContext } from "../context.ts";
import { dom0Shell } from "../dom0-shell.ts";
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
  const tell = ({ command: ssh }: SshAccess): void => {
    if (ctx.verbose) ctx.stderr.write(`${ssh}\n`);
  };
  const open = (access: SshAccess): Promise<number> => {
    tell(access);
    return interactiveSsh(access, { command, signal: ctx.signal });
  };
  if (place?.backend === "ssh") return open(accessTo(targetOf(place)));
  if (backendOf(spec, backend) === "vagrant") return onVagrantHost(ctx, spec, options, open);
  return onFreshHost(ctx, name, options, async ({ host, machine, openSsh }) => {
    // For a second way in, and for scp.
    if (ctx.verbose) tell(await openSsh(cache));
    return unlessLost(name, machine, ctx.signal, () => dom0Shell(host, command));
  });
}
