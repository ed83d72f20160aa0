import { relative, resolve } from "node:path";
import { recordedRun } from "../../events/recorded-run.ts";
import { addObservations, OBSERVATIONS } from "../../known/observations.ts";
import { compareAll } from "../../known/prediction.ts";
import { loadKnownIssues } from "../../known/registry.ts";
import type { CliContext } from "../context.ts";

export async function run(
  ctx: CliContext,
  _options: object,
  runs: readonly string[],
): Promise<number> {
  const files = await loadKnownIssues();
  let count = 0;
  for (const run of runs) {
    const result = recordedRun(resolve(ctx.cwd, run));
    const seen = compareAll(files, result.cells);
    count += seen.length;
    await addObservations(OBSERVATIONS, result, seen);
  }
  const place = relative(ctx.cwd, OBSERVATIONS);
  ctx.stdout.write(`${count} observations are in ${place}\n`);
  ctx.stdout.write("next: npx tsx scripts/generate-known-issues.ts\n");
  return 0;
}
