import { realpath } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { EventsUnreadable, EventsWithoutRun } from "../../events/errors.ts";
import { checkRun } from "../../known/check.ts";
import { loadKnownIssues } from "../../known/registry.ts";
import type { CliContext } from "../context.ts";
import { pastRuns } from "../past-runs.ts";

export async function run(
  ctx: CliContext,
  _options: object,
  given: readonly string[],
): Promise<number> {
  const issues = (await loadKnownIssues()).map(({ issue }) => issue);
  const paths = given.length > 0 ? given.map((path) => resolve(ctx.cwd, path)) : await all(ctx);
  let attempts = 0;
  let runs = 0;
  let loose = 0;
  for (const path of paths) {
    const checked = await checkRun(path, issues).catch((error: unknown) => {
      // Of all runs there are, some were killed before they began.
      const unread = error instanceof EventsWithoutRun || error instanceof EventsUnreadable;
      if (given.length === 0 && unread) return undefined;
      throw error;
    });
    if (!checked) continue;
    runs += 1;
    attempts += checked.passed;
    loose += checked.loose.length;
    for (const { issue, cell, attempt } of checked.loose) {
      const place = `${relative(ctx.cwd, path) || "."}, ${cell}, attempt ${attempt}`;
      ctx.stdout.write(`${issue}: its fingerprint matches what passed: ${place}\n`);
    }
    for (const { id, known } of checked.result.cells) {
      if (known) ctx.stdout.write(`${known.issue} explains ${id}: ${known.title}\n`);
    }
  }
  const found = loose === 0 ? "none matches" : `${loose} match${loose === 1 ? "es" : ""}`;
  ctx.stdout.write(
    `${issues.length} issues, ${attempts} passing attempts in ${runs} runs: ${found}\n`,
  );
  return loose === 0 ? 0 : 1;
}

async function all(ctx: CliContext): Promise<string[]> {
  const { runs } = (await ctx.settings()).values;
  const directory = await realpath(runs).catch(() => undefined);
  if (directory === undefined) return [];
  return (await pastRuns(directory)).map(({ path }) => path);
}
