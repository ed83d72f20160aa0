import { existsSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Scratch } from "../../image/scratch.ts";
import { findRun } from "../../matrix/run-results.ts";
import { readShardRuns, type ShardRun } from "../../matrix/shard-runs.ts";
import { CellNotInRun, ReplayUnreadable } from "../../replay/errors.ts";
import { fetchRun, isAddress } from "../../replay/fetch-run.ts";
import { recordedHost, recordedLock } from "../../replay/recorded-inputs.ts";
import { unpackRun } from "../../replay/unpack-run.ts";
import { narrow } from "../again.ts";
import type { CliContext } from "../context.ts";
import { runOrigin } from "../run-origin.ts";
import { choose } from "../selection.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./replay.command.ts";
import { runChoice } from "./run.ts";

type Options = OptionsOf<typeof spec>;

export async function run(
  ctx: CliContext,
  options: Options,
  [where = "", cell = ""]: readonly string[],
): Promise<number> {
  const { values } = await ctx.settings();
  await using scratch = await Scratch.create(join(values.cache, "scratch"), "replay");
  const recorded = pick(await openRuns(ctx, where, scratch.path), where, cell);
  const { directory, result } = recorded;
  const { host: name, peer, scenario } = result.cells.find(({ id }) => id === cell)!;
  const host = await recordedHost(directory, (await ctx.hosts()).get(name));
  const lock = await recordedLock(directory, name, result.run.locks?.[name]);
  const lockFiles = new Map(lock === undefined ? [] : [[name, lock]]);
  const selection = { host: [name], grep: undefined, tags: undefined };
  const chosen = narrow(await choose(ctx, selection, [cell], lockFiles), [cell]);
  const now = await runOrigin(ctx.root, chosen);
  const note = (text: string) => ctx.stderr.write(`replay: ${text}\n`);
  const { accel, commit, scenarios } = result.run;
  if (peer !== undefined) note(`the second host, ${peer}, is made as it is today`);
  if (lock === undefined) note(`the run kept no lock of ${name}; today's is taken`);
  if (commit !== undefined && commit !== now.commit) {
    note(`the run was of commit ${commit.slice(0, 50)}, this is ${now.commit ?? "no checkout"}`);
  }
  const code = scenarios?.[scenario];
  if (code !== undefined && code !== now.scenarios?.[scenario]) {
    note(`scenario ${scenario} is another than in the run`);
  }
  const isKnown = accel === "kvm" || accel === "tcg";
  // Awaited here: the run needs the files of the scratch directory to its end.
  return await runChoice(ctx, { ...chosen, hosts: [host] }, options, {
    lockFiles,
    ...(isKnown && values.accel === "auto" && { accel }),
  });
}

/** @throws RunNotFound | ReplayUnreachable | ReplayUnreadable */
async function openRuns(ctx: CliContext, where: string, scratch: string): Promise<ShardRun[]> {
  const target = join(scratch, "run");
  if (isAddress(where)) {
    const archive = await fetchRun(where, { scratch, env: ctx.env, signal: ctx.signal });
    await unpackRun(archive, target);
    await rm(archive, { force: true });
    return read(target, where);
  }
  const path = resolve(ctx.cwd, where);
  if (existsSync(path) && statSync(path).isFile()) {
    await unpackRun(path, target);
    return read(target, where);
  }
  if (existsSync(path)) return read(path, where);
  const { runs } = (await ctx.settings()).values;
  return read(await findRun(where, { runs, cwd: ctx.cwd }), where);
}

async function read(directory: string, where: string): Promise<ShardRun[]> {
  try {
    return await readShardRuns([directory]);
  } catch (error) {
    throw new ReplayUnreadable(where, error);
  }
}

/** The run that has the cell; the newest, where several have it. */
function pick(runs: readonly ShardRun[], where: string, cell: string): ShardRun {
  const having = runs.filter(({ result }) => result.cells.some(({ id }) => id === cell));
  const newest = having.toSorted((a, b) =>
    b.result.run.startedAt.localeCompare(a.result.run.startedAt),
  )[0];
  if (newest) return newest;
  const ids = runs.flatMap(({ result }) => result.cells.map(({ id }) => id));
  throw new CellNotInRun(cell, where, ids);
}
