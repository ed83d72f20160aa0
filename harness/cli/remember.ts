import type { EventBodies } from "../events/schema.ts";
import type { RunResult } from "../events/result.ts";
import { addToHistory, historyPath, readHistory } from "../history/history-file.ts";
import { recordsOf } from "../history/record.ts";
import { runHistory } from "../history/run-history.ts";
import type { CliContext } from "./context.ts";
import { complain } from "./run-record.ts";

/** What earlier runs say of this one; a history that cannot be read costs the run nothing. */
export async function recall(
  ctx: CliContext,
  result: RunResult,
  directory: string,
): Promise<EventBodies["history"] | undefined> {
  const { runs } = (await ctx.settings()).values;
  try {
    const earlier = await readHistory(historyPath(runs));
    return await runHistory(result, earlier, { runs, root: ctx.root, directory });
  } catch (error) {
    complain(ctx, error);
    return undefined;
  }
}

/** Adds the run to the history of its directory. */
export async function remember(ctx: CliContext, result: RunResult): Promise<void> {
  const { runs } = (await ctx.settings()).values;
  await addToHistory(historyPath(runs), recordsOf(result)).catch((error: unknown) => {
    complain(ctx, error);
  });
}
