import { mkdir, readdir } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { exitCode, exitCodeOf } from "../../events/exit-code.ts";
import { EVENTS_VERSION, type EventBodies, type RunEvent } from "../../events/schema.ts";
import { MergeTargetTaken } from "../../matrix/errors.ts";
import { copyEvidence } from "../../matrix/evidence.ts";
import { mergeShards } from "../../matrix/merge.ts";
import { readShardRuns } from "../../matrix/shard-runs.ts";
import type { CliContext } from "../context.ts";
import { UsageInvalid } from "../errors.ts";
import { recall } from "../remember.ts";
import { openRunRecord, runEnd, unwrittenCode } from "../run-record.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./report.command.ts";

export async function run(
  ctx: CliContext,
  options: OptionsOf<(typeof spec)["subcommands"][0]>,
  directories: readonly string[],
): Promise<number> {
  if (options.out === undefined) {
    throw new UsageInvalid("--out DIR is missing", "xenloop report merge");
  }
  const out = resolve(ctx.cwd, options.out);
  const shards = await readShardRuns(directories.map((each) => resolve(ctx.cwd, each)));
  const merged = mergeShards(shards, { ...options, runId: basename(out) });
  await prepareTarget(out);
  const gone = await copyEvidence(shards, out);

  const record = await openRunRecord(ctx, out);
  let seq = 0;
  const add = (event: RunEvent) => record.onEvent({ ...event, seq: seq++ });
  const time = new Date(merged.endedAt).toISOString();
  for (const event of merged.events) add(event);
  for (const message of gone) add({ v: EVENTS_VERSION, seq, time, type: "warning", message });
  const history = await recall(ctx, record.result.result(), out);
  if (history) add({ v: EVENTS_VERSION, seq, time, type: "history", ...history });
  const { cells } = record.result.result();
  let code = exitCodeOf(cells.map(({ status }) => status));
  const isGood = ["passed", "all-skipped"].some((name) => code === exitCode(name as "passed"));
  if (isGood && (merged.isIncomplete || record.isTorn())) code = exitCode("error");
  const ms = merged.endedAt - merged.startedAt;
  const end: EventBodies["run-ended"] = runEnd(code, cells, ms, `--rerun '${options.out}'`);
  add({ v: EVENTS_VERSION, seq, time, type: "run-ended", ...end });
  const isWritten = await record.finish();
  return isWritten ? code : unwrittenCode(code);
}

async function prepareTarget(out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  if ((await readdir(out)).length > 0) throw new MergeTargetTaken(out);
}
