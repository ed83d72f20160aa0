import { exitCode } from "../../events/exit-code.ts";
import { readHistory } from "../../matrix/cost.ts";
import { planMatrix, shardOf, type MatrixPlan } from "../../matrix/matrix-plan.ts";
import { parseShard } from "../../matrix/shard.ts";
import type { CliContext } from "../context.ts";
import { UsageInvalid } from "../errors.ts";
import { choose } from "../selection.ts";
import type { OptionsOf } from "../table.ts";
import { columns } from "../terminal.ts";
import type spec from "./matrix.command.ts";

export async function run(
  ctx: CliContext,
  options: OptionsOf<(typeof spec)["subcommands"][0]>,
  words: readonly string[],
): Promise<number> {
  const shard = options.shard === undefined ? undefined : parseShard(options.shard);
  if (shard !== undefined && options.shards !== undefined) {
    throw new UsageInvalid("--shard names the number of shards already", "xenloop matrix plan");
  }
  const host = options.host.length > 0 ? options.host : ["all"];
  const cells = (await choose(ctx, { ...options, host }, words)).cells();
  const history = await readHistory((await ctx.settings()).values.runs);
  const shards = shard?.count ?? options.shards ?? 1;
  const plan = planMatrix(cells, history, { shards, exact: shard !== undefined });
  const shown = shard === undefined ? plan : partOf(plan, shardOf(plan, shard));
  ctx.stdout.write(options.json ? `${JSON.stringify(shown, null, 2)}\n` : render(shown));
  return exitCode(cells.length === 0 ? "nothing-ran" : "passed");
}

function partOf(plan: MatrixPlan, shard: MatrixPlan["shards"][number]): MatrixPlan {
  const cells = plan.cells.filter(({ id }) => shard.cells.includes(id));
  return { ...plan, cells, shards: [shard] };
}

function render({ cells, shards }: MatrixPlan): string {
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  const blocks = shards.map((shard) => {
    const running = shard.cells.filter((id) => byId.get(id)?.excluded === undefined).length;
    const on = shard.hosts.length === 0 ? "" : ` on ${shard.hosts.join(", ")}`;
    const title = `Shard ${shard.shard}: ${running} cells${on}, about ${time(shard.seconds)}\n`;
    const rows = shard.cells.map((id) => {
      const { excluded, seconds = 0, basis } = byId.get(id) ?? {};
      if (excluded !== undefined) return ["", id, "skipped", excluded];
      return ["", id, time(seconds), basis === "history" ? "" : "guessed from the deadline"];
    });
    return title + columns(rows);
  });
  return blocks.length === 0 ? "no scenario matches\n" : blocks.join("\n");
}

function time(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
