import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { AccelMode } from "../../config/settings.ts";
import { EventBus } from "../../events/bus.ts";
import { exitCode, exitCodeOf } from "../../events/exit-code.ts";
import type { RunResult } from "../../events/result.ts";
import type { Dress } from "../../run/dress.ts";
import { performRun, type RunOrigin } from "../../run/perform.ts";
import { createRunDirectory } from "../../run/run-directory.ts";
import { keepInputs } from "../../run/run-inputs.ts";
import { chooseAgain } from "../again.ts";
import { withChanged } from "../changed-since.ts";
import type { CliContext } from "../context.ts";
import { dryRun } from "../dry-run.ts";
import { KeptHosts } from "../kept-hosts.ts";
import { fromSetting } from "../from-setting.ts";
import { mayShare } from "../may-share.ts";
import { ensurePackages } from "../packages.ts";
import { recall, remember } from "../remember.ts";
import { runOrigin } from "../run-origin.ts";
import { chosenReporters, complain, openRunRecord, runEnd, unwrittenCode } from "../run-record.ts";
import type { Choice } from "../selection.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./run.command.ts";

type Options = OptionsOf<typeof spec>;

export async function run(
  ctx: CliContext,
  options: Options,
  words: readonly string[],
): Promise<number> {
  const { defaultScenarios } = (await ctx.settings()).values;
  const { grep, tags, lastFailed, rerun } = options;
  const isOpen = [...words, grep, tags, lastFailed || undefined, rerun].every(
    (given) => given === undefined,
  );
  const chosen = isOpen
    ? await fromSetting(ctx, "defaultScenarios", ["SCENARIO_UNKNOWN", "CELL_ID_INVALID"], () =>
        chooseAgain(ctx, options, defaultScenarios),
      )
    : await chooseAgain(ctx, options, words);
  const { changedSince } = options;
  const choice =
    changedSince === undefined ? chosen : await withChanged(ctx, options, chosen, changedSince);
  return runChoice(ctx, choice, options);
}

export interface RunChoiceExtra {
  /** Which shard of a plan the cells are. */
  part?: Pick<RunOrigin, "shard" | "plan">;
  /** Locks to build hosts from instead of the project's, by host. */
  lockFiles?: ReadonlyMap<string, string>;
  /** Instead of the configured one. */
  accel?: AccelMode;
  /** Keeps every host with its guests, and opens a shell in it. */
  shell?: boolean;
  /** Makes what is put on the hosts, given the run's directory. */
  dress?: (directory: string) => Dress;
  /** The command that does it again; such a run compares with itself, and not with earlier ones. */
  own?: string;
  /** The exit code, and what is to be said of the cells before the run ends. */
  conclude?: (result: RunResult, bus: EventBus) => number;
  /** Told what came out, once everything is written. */
  onResult?: (result: RunResult, directory: string) => void;
}

/** Runs the chosen cells, or says what would be run. */
export async function runChoice(
  ctx: CliContext,
  choice: Choice,
  options: Pick<Options, "dryRun" | "yes" | "cold">,
  {
    part = {},
    lockFiles = new Map<string, string>(),
    accel,
    shell = false,
    dress,
    own,
    conclude,
    onResult,
  }: RunChoiceExtra = {},
): Promise<number> {
  if (choice.cells().length === 0) {
    ctx.stderr.write("xenloop: no scenario matches; xenloop list shows them all\n");
    return exitCode("nothing-ran");
  }
  // Before `latest` points elsewhere: a typo here must not cost --last-failed its run.
  await chosenReporters(ctx);
  if (options.dryRun) return dryRun(ctx, choice, accel);
  const { values } = await ctx.settings();
  const needsBoxes = values.backend === "vagrant";
  await ensurePackages(ctx, { yes: options.yes, ...(needsBoxes && { use: "boxes" }) });
  await mkdir(values.cache, { recursive: true });
  const origin = { ...(await runOrigin(ctx.root, choice, lockFiles)), ...part };
  const directory = await createRunDirectory(values.runs);
  await keepInputs(directory.path, choice.hosts, lockFiles).catch((error: unknown) => {
    complain(ctx, error);
  });
  const record = await openRunRecord(ctx, directory.path, join(values.runs, "latest"));
  const bus = new EventBus();
  bus.subscribe(record.onEvent);

  const started = performance.now();
  const keep = shell ? "always" : values.keep;
  const kept = new KeptHosts(ctx, keep);
  let broken: unknown;
  try {
    await performRun(
      {
        hosts: choice.hosts,
        hostNamed: choice.hostNamed,
        lockFiles,
        cells: choice.cells,
        scenarioFiles: new Map(choice.scenarios.map(({ meta, file }) => [meta.id, file])),
        cache: values.cache,
        runId: directory.id,
        runPath: directory.path,
        accel: accel ?? values.accel,
        backend: values.backend,
        timeoutScale: values.timeoutScale,
        jobs: values.jobs,
        retries: values.retries,
        cold: options.cold,
        harness: ctx.version,
        origin,
        argv: ctx.argv,
        signal: ctx.signal,
        ...(dress && { dress: dress(directory.path) }),
        keepsGuests: keep === "always",
        mayShare: (host, guests) => mayShare(ctx, options.yes, host, guests),
        keep: (cell, status, host) => kept.consider(cell, status, host),
      },
      bus,
    );
  } catch (error) {
    broken = error;
  }
  const cells = record.result.begun ? record.result.result().cells : [];
  const concluded = record.result.begun && conclude?.(record.result.result(), bus);
  let code =
    typeof concluded === "number" ? concluded : exitCodeOf(cells.map(({ status }) => status));
  if (broken !== undefined || record.isTorn()) code = exitCode("error");
  if (ctx.signal.aborted) code = exitCode("interrupted");
  if (record.result.begun) {
    const history = own ? undefined : await recall(ctx, record.result.result(), directory.path);
    if (history) bus.emit("history", history);
    const end = runEnd(code, cells, performance.now() - started);
    bus.emit("run-ended", { ...end, ...(own !== undefined && end.next && { next: own }) });
  }
  const isWritten = await record.finish();
  if (record.result.begun && own === undefined) await remember(ctx, record.result.result());
  if (!isWritten) code = unwrittenCode(code);
  if (broken !== undefined && !ctx.signal.aborted) complain(ctx, broken);
  if (record.result.begun) onResult?.(record.result.result(), directory.path);
  if (shell) await kept.enter();
  await kept.untilReleased();
  return code;
}
