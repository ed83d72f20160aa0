import { failedCells } from "../matrix/run-results.ts";
import type { CliContext } from "./context.ts";
import { UsageInvalid } from "./errors.ts";
import { choose, type Choice, type SelectionValues } from "./selection.ts";
import { defineOptions } from "./table.ts";

/** Options that choose the cells of an earlier run which did not pass. */
export const AGAIN_OPTIONS = defineOptions([
  {
    name: "last-failed",
    description: "of what is chosen, the cells that did not pass in the latest run",
    since: "0.1.0",
  },
  {
    name: "rerun",
    argument: "RUN_ID",
    type: "text",
    description: "the same for another run: its name below --out, or the path of its directory",
    since: "0.1.0",
  },
]);

export interface AgainValues {
  lastFailed: boolean;
  rerun: string | undefined;
}

/**
 * What a command line means, narrowed to cells of an earlier run when that is asked for. Their
 * hosts come with them, and so do the scenarios unless some are named.
 * @throws RunNotFound | NothingFailed | ResultUnreadable, and what `choose` throws
 */
export async function chooseAgain(
  ctx: CliContext,
  options: SelectionValues & AgainValues,
  words: readonly string[],
): Promise<Choice> {
  if (options.lastFailed && options.rerun !== undefined) {
    throw new UsageInvalid("--last-failed and --rerun name two runs", "xenloop run");
  }
  const wanted = options.lastFailed ? "latest" : options.rerun;
  if (wanted === undefined) return choose(ctx, options, words);
  const { runs } = (await ctx.settings()).values;
  const failed = await failedCells(wanted, { runs, cwd: ctx.cwd });
  const ids = failed.map(({ id }) => id);
  const host = options.host.length > 0 ? options.host : failed.map(({ host }) => host);
  const choice = await choose(ctx, { ...options, host }, words.length > 0 ? words : ids);
  return narrow(choice, ids);
}

/** The cells with these ids, and their hosts. */
export function narrow(choice: Choice, ids: Iterable<string>): Choice {
  const wanted = new Set(ids);
  const cells = (scale?: number) => choice.cells(scale).filter(({ id }) => wanted.has(id));
  const names = new Set(cells().map(({ host }) => host));
  return { ...choice, cells, hosts: choice.hosts.filter(({ name }) => names.has(name)) };
}
