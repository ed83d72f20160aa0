import { lockPath } from "../../image/pinned-lock.ts";
import { readLock } from "../../image/lock-file.ts";
import { promisedVersions } from "../../image/locked-versions.ts";
import {
  answer,
  answerForHost,
  exitCodeOf,
  renderAnswer,
  renderAnswerJson,
} from "../../rules/index.ts";
import type { CliContext } from "../context.ts";
import { UsageInvalid } from "../errors.ts";
import { onFreshHost } from "../fresh-host.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./rules.command.ts";

type Options = OptionsOf<typeof spec>;

/** The question is small, but the machine may emulate. */
const ASK_TIMEOUT_MS = 60_000;

export async function run(ctx: CliContext, options: Options): Promise<number> {
  const answered = await ask(ctx, options);
  const { columns } = ctx.stdout;
  const width = columns === undefined ? {} : { width: columns };
  ctx.stdout.write(options.json ? renderAnswerJson(answered) : renderAnswer(answered, width));
  return exitCodeOf(answered);
}

async function ask(ctx: CliContext, options: Options) {
  const { xen, libvirt, host } = options;
  if (host !== undefined) {
    if (xen === undefined && libvirt === undefined) return askHost(ctx, host, options);
    throw new UsageInvalid("--host tells both versions itself", "xenloop rules");
  }
  if (xen === undefined || libvirt === undefined) {
    const missing = xen === undefined ? "--xen" : "--libvirt";
    throw new UsageInvalid(
      `${missing} VERSION is missing; --host NAME asks a host instead`,
      "xenloop rules",
    );
  }
  return answer({ xen, libvirt });
}

async function askHost(ctx: CliContext, name: string, options: Options) {
  const spec = (await ctx.hosts()).get(name);
  const lock = await readLock(lockPath(name));
  const locked = lock && promisedVersions(spec, lock);
  if (locked === undefined) {
    ctx.stderr.write(
      `xenloop: images/lock/${name}.json pins neither Xen nor libvirt; not checked\n`,
    );
  }
  return onFreshHost(ctx, name, options, async ({ host }) => {
    const limit = { timeoutMs: ASK_TIMEOUT_MS };
    const xenInfo = await host.run(["xl", "info"], limit);
    const virsh = ["virsh", "-c", "xen:///system", "version", "--daemon"];
    const virshVersion = await host.run(virsh, limit);
    return answerForHost({
      xenInfo: xenInfo.stdout,
      virshVersion: virshVersion.stdout,
      ...(locked && { lock: locked }),
    });
  });
}
