import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseReporterSpec, loadReporters } from "../../../reports/registry.ts";
import { ReporterSet } from "../../../reports/reporter-set.ts";
import { EventBus } from "../../events/bus.ts";
import { exitCode, exitCodeOf } from "../../events/exit-code.ts";
import { ResultBuilder } from "../../events/reduce.ts";
import type { CellResult } from "../../events/result.ts";
import { openEventWriter } from "../../events/writer.ts";
import { performRun } from "../../run/perform.ts";
import { createRunDirectory } from "../../run/run-directory.ts";
import type { CliContext } from "../context.ts";
import { dryRun } from "../dry-run.ts";
import { KeptHosts } from "../kept-hosts.ts";
import { ensurePackages } from "../packages.ts";
import { formatError } from "../report-error.ts";
import { choose, type Choice } from "../selection.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./run.command.ts";

type Options = OptionsOf<typeof spec>;

export async function run(
  ctx: CliContext,
  options: Options,
  words: readonly string[],
): Promise<number> {
  const choice = await choose(ctx, options, words);
  if (choice.cells().length === 0) {
    ctx.stderr.write("xenloop: no scenario matches; xenloop list shows them all\n");
    return exitCode("nothing-ran");
  }
  if (options.dryRun) return dryRun(ctx, choice);
  await ensurePackages(ctx, { yes: options.yes });
  return runChoice(ctx, choice, options);
}

async function runChoice(ctx: CliContext, choice: Choice, options: Options): Promise<number> {
  const { values } = await ctx.settings();
  await mkdir(values.cache, { recursive: true });
  const directory = await createRunDirectory(values.runs);
  const shownDir = relative(ctx.cwd, join(values.runs, "latest")) || ".";
  const choices = parseReporterSpec(values.reporters.join(","), await loadReporters());
  // Every run leaves both, whatever else is asked for.
  const files = parseReporterSpec("json,junit", await loadReporters());
  const reporters = await ReporterSet.create([...choices, ...files], {
    runDir: directory.path,
    shownDir,
    cwd: ctx.cwd,
    stdout: ctx.stdout,
    env: ctx.env,
  });
  const bus = new EventBus();
  const result = new ResultBuilder();
  const writer = openEventWriter(join(directory.path, "events.jsonl"), (failure) => {
    complain(ctx, failure);
  });
  bus.subscribe((event) => result.add(event));
  bus.subscribe((event) => writer.write(event));
  bus.subscribe(reporters.onEvent);

  const started = performance.now();
  const kept = new KeptHosts(ctx, values.keep);
  let broken: unknown;
  try {
    await performRun(
      {
        hosts: choice.hosts,
        cells: choice.cells,
        scenarioFiles: new Map(choice.scenarios.map(({ meta, file }) => [meta.id, file])),
        cache: values.cache,
        runId: directory.id,
        runPath: directory.path,
        accel: values.accel,
        timeoutScale: values.timeoutScale,
        jobs: values.jobs,
        retries: values.retries,
        cold: options.cold,
        harness: ctx.version,
        argv: ctx.argv,
        signal: ctx.signal,
        keep: (cell, status, host) => kept.consider(cell, status, host),
      },
      bus,
    );
  } catch (error) {
    broken = error;
  }
  const known = result.begun ? result.result() : undefined;
  const statuses = known?.cells.map(({ status }) => status) ?? [];
  let code = exitCodeOf(statuses);
  if (broken !== undefined || writer.failure) code = ctx.signal.aborted ? code : exitCode("error");
  if (ctx.signal.aborted) code = exitCode("interrupted");
  if (known) {
    const next = nextCommand(known.cells);
    bus.emit("run-ended", {
      exitCode: code,
      reason: code === 0 ? "" : reasonFor(code),
      ms: performance.now() - started,
      ...(next !== undefined && { next }),
    });
    for (const problem of await reporters.finish(result.result())) {
      complain(ctx, problem);
      if (code === 0) code = exitCode("error");
    }
  }
  writer.close();
  if (broken !== undefined && !ctx.signal.aborted) complain(ctx, broken);
  await kept.untilReleased();
  return code;
}

function complain(ctx: CliContext, error: unknown): void {
  ctx.stderr.write(formatError(error, { color: ctx.color, verbose: ctx.verbose }));
}

/** The cells that did not pass, as a command line. */
function nextCommand(cells: readonly CellResult[]): string | undefined {
  const red = cells.filter(({ status }) => status !== "passed" && status !== "skipped");
  if (red.length === 0) return undefined;
  const names = red.slice(0, 4).map(({ id }) => `'${id}'`);
  return `./xenloop run ${names.join(" ")} --keep on-failure`;
}

function reasonFor(code: number): string {
  return code === exitCode("interrupted") ? "interrupted" : `exit code ${code}`;
}
