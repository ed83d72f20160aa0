import { relative, resolve } from "node:path";
import { readHistory } from "../../matrix/cost.ts";
import { PlanStale } from "../../matrix/errors.ts";
import { planMatrix, readPlan, shardOf, type MatrixPlan } from "../../matrix/matrix-plan.ts";
import { parseShard, type ShardAddress } from "../../matrix/shard.ts";
import { chooseAgain, narrow } from "../again.ts";
import type { CliContext } from "../context.ts";
import { UsageInvalid } from "../errors.ts";
import { choose, type Choice } from "../selection.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./matrix.command.ts";
import { runChoice } from "./run.ts";

type Options = OptionsOf<(typeof spec)["subcommands"][1]>;

export async function run(
  ctx: CliContext,
  options: Options,
  words: readonly string[],
): Promise<number> {
  if (options.plan !== undefined) return runPlanned(ctx, options, words, options.plan);
  const isOpen = options.host.length === 0 && !options.lastFailed && options.rerun === undefined;
  const host = isOpen ? ["all"] : options.host;
  const choice = await chooseAgain(ctx, { ...options, host }, words);
  if (options.shard === undefined) return runChoice(ctx, choice, options);
  const shard = parseShard(options.shard);
  const history = await readHistory((await ctx.settings()).values.runs);
  const plan = planMatrix(choice.cells(), history, { shards: shard.count, exact: true });
  return runShard(ctx, choice, options, plan, shard);
}

/** The plan has chosen the cells; what else would choose some is refused. */
async function runPlanned(
  ctx: CliContext,
  options: Options,
  words: readonly string[],
  file: string,
): Promise<number> {
  const { shard, host, grep, tags, lastFailed, rerun } = options;
  if (shard === undefined) throw new UsageInvalid("--plan needs --shard", "xenloop matrix run");
  const chooses = [...words, ...host, grep, tags, lastFailed || undefined, rerun];
  if (chooses.some((given) => given !== undefined)) {
    const what = "--plan has chosen the cells: SCENARIO and --host, --grep, --tags, --last-failed";
    throw new UsageInvalid(`${what} and --rerun belong to \`matrix plan\``, "xenloop matrix run");
  }
  const path = resolve(ctx.cwd, file);
  const plan = await readPlan(path);
  // Hosts that are there no more have lost their cells, which is said below.
  const { names } = await ctx.hosts();
  const planned = [...new Set(plan.cells.map((cell) => cell.host))];
  const there = planned.filter((name) => names.includes(name));
  const choice = await choose(ctx, { host: ["all", ...there], grep, tags }, []);
  const known = new Set(choice.cells().map(({ id }) => id));
  const gone = plan.cells.map(({ id }) => id).filter((id) => !known.has(id));
  if (gone.length > 0) throw new PlanStale(relative(ctx.cwd, path), gone);
  return runShard(ctx, choice, options, plan, parseShard(shard));
}

function runShard(
  ctx: CliContext,
  choice: Choice,
  options: Options,
  plan: MatrixPlan,
  address: ShardAddress,
): Promise<number> {
  const positions = new Map(plan.cells.map(({ id }, position) => [id, position]));
  const { shard, cells: ids } = shardOf(plan, address);
  const part = narrow(choice, ids);
  const cells = (scale?: number) =>
    part.cells(scale).map((cell) => ({ ...cell, position: positions.get(cell.id) ?? 0 }));
  return runChoice(ctx, { ...part, cells }, options, { part: { shard, plan: plan.plan } });
}
