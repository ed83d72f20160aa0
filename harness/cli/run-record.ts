import { join, relative } from "node:path";
import { isJob } from "../../reports/github/job-log.ts";
import { loadReporters, parseReporterSpec, type ReporterChoice } from "../../reports/registry.ts";
import { reproCommand } from "../../reports/rerun.ts";
import { ReporterSet } from "../../reports/reporter-set.ts";
import type { EventListener } from "../events/bus.ts";
import { exitCode, EXIT_CODES } from "../events/exit-code.ts";
import { ResultBuilder } from "../events/reduce.ts";
import type { CellResult, RunResult } from "../events/result.ts";
import { isRed } from "../events/status.ts";
import type { EventBodies } from "../events/schema.ts";
import { openEventWriter } from "../events/writer.ts";
import type { CliContext } from "./context.ts";
import { fromSetting } from "./from-setting.ts";
import { formatError } from "./report-error.ts";

/** Cells that a command line can still be read with. */
const NAMED_CELLS = 4;
const FILES = "json,junit,html";
const REPORTER_MISTAKES = [
  "UNKNOWN_REPORTER",
  "REPORTER_PATH_MISSING",
  "REPORTER_TAKES_NO_PATH",
  "REPORTER_CONFLICT",
];

export interface RunRecord {
  /** For each event of the run: into the file, the result and the reporters. */
  onEvent: EventListener;
  result: ResultBuilder;
  /** Whether events.jsonl could not be written at some time. */
  isTorn(): boolean;
  /** Writes the reports and closes the file; false when something could not be written. */
  finish(): Promise<boolean>;
}

/** The reporters of a run. @throws UnknownReporter and its kin, before anything is made for it. */
export async function chosenReporters(ctx: CliContext): Promise<ReporterChoice[]> {
  const known = await loadReporters();
  const asked = (await ctx.settings()).values.reporters.join(",");
  // Every run leaves these files, whatever else is asked for.
  const files = parseReporterSpec(isJob(ctx.env) ? `${FILES},github` : FILES, known);
  return fromSetting(ctx, "reporters", REPORTER_MISTAKES, () => [
    ...parseReporterSpec(asked, known),
    ...files,
  ]);
}

/**
 * What every run leaves in its directory, with the reporters that were asked for.
 * @param shown a path for the user's eyes, when the directory itself is not the one to tell
 */
export async function openRunRecord(
  ctx: CliContext,
  directory: string,
  shown = directory,
): Promise<RunRecord> {
  const reporters = await ReporterSet.create(await chosenReporters(ctx), {
    runDir: directory,
    shownDir: relative(ctx.cwd, shown) || ".",
    cwd: ctx.cwd,
    stdout: ctx.stdout,
    env: ctx.env,
  });
  const result = new ResultBuilder();
  const writer = openEventWriter(join(directory, "events.jsonl"), (failure) => {
    complain(ctx, failure);
  });
  return {
    result,
    onEvent: (event) => {
      result.add(event);
      writer.write(event);
      reporters.onEvent(event);
    },
    isTorn: () => writer.failure !== undefined,
    async finish() {
      const problems = result.begun ? await reporters.finish(result.result(), broken) : [];
      for (const problem of problems) complain(ctx, problem);
      writer.close();
      return problems.length === 0;
    },
  };
}

/** The exit code of a run that cannot write all of its reports. */
export function unwrittenCode(code: number): number {
  // A red scenario and an interruption say more than a report that is missing.
  const isTold = code === exitCode("failed") || code === exitCode("interrupted");
  return isTold ? code : exitCode("error");
}

function broken(result: RunResult): RunResult {
  const code = unwrittenCode(result.exitCode);
  return code === result.exitCode ? result : { ...result, exitCode: code, reason: reasonFor(code) };
}

export function complain(ctx: CliContext, error: unknown): void {
  ctx.stderr.write(formatError(error, { color: ctx.color, verbose: ctx.verbose }));
}

/**
 * The last event of a run with these cells.
 * @param again option of `run` that means all that did not pass
 */
export function runEnd(
  code: number,
  cells: readonly CellResult[],
  ms: number,
  again = "--last-failed",
): EventBodies["run-ended"] {
  const next = nextCommand(cells, again);
  return { exitCode: code, reason: reasonFor(code), ms, ...(next !== undefined && { next }) };
}

/** The cells that did not pass, as a command line. */
function nextCommand(cells: readonly CellResult[], again: string): string | undefined {
  const red = cells.filter(({ status }) => isRed(status));
  if (red.length === 0) return undefined;
  const repro = reproCommand(red);
  if (repro !== undefined) return `${repro} --keep on-failure`;
  const names = red.map(({ id }) => `'${id}'`).join(" ");
  return `./xenloop run ${red.length > NAMED_CELLS ? again : names} --keep on-failure`;
}

function reasonFor(code: number): string {
  if (code === 0) return "";
  if (code === exitCode("interrupted")) return "interrupted";
  const meaning = EXIT_CODES.find((row) => row.code === code)?.meaning;
  return meaning === undefined ? `exit code ${code}` : `exit code ${code}: ${meaning}`;
}
