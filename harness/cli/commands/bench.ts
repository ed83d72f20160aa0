import { BenchPartUnknown } from "../../bench/errors.ts";
import { runBench } from "../../bench/bench.ts";
import { BENCH_PARTS, isBenchPart, type BenchPart } from "../../bench/parts.ts";
import { renderBench } from "../../bench/render.ts";
import { benchRequest } from "../bench-request.ts";
import type { CliContext } from "../context.ts";
import type { OptionsOf } from "../table.ts";
import { columns } from "../terminal.ts";
import type spec from "./bench.command.ts";

export async function run(ctx: CliContext, options: OptionsOf<typeof spec>): Promise<number> {
  const { only, compare } = options;
  // What is compared is compared with a clone, in the same run.
  const compared: BenchPart[] = compare === undefined ? [] : ["clone", compare];
  const chosen = only.length === 0 && compared.length === 0 ? BENCH_PARTS : only.map(part);
  const parts = [...chosen, ...compared];
  const { request, bus } = await benchRequest(ctx, options);
  const report = await runBench(
    {
      ...request,
      parts,
      repeat: options.repeat,
      scenarios: await ctx.scenarios(),
      onStep: (name, repetition) =>
        ctx.stderr.write(`${name} ${repetition} of ${options.repeat} …\n`),
    },
    bus,
  );
  if (options.json) {
    ctx.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return 0;
  }
  const { head, ratios, figures } = renderBench(report);
  const heading = ["MEDIAN", "SPREAD", "RANGE", "N", "WHAT"];
  ctx.stdout.write(`${head}\n\n${columns(ratios)}\n${columns([heading, ...figures])}`);
  return 0;
}

function part(word: string): BenchPart {
  if (!isBenchPart(word)) throw new BenchPartUnknown(word, BENCH_PARTS);
  return word;
}
