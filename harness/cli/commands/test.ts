import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import pLimit from "p-limit";
import { stringify } from "yaml";
import { messageOf } from "../../base/error.ts";
import { quoteArgv } from "../../base/process-errors.ts";
import { runTool } from "../../base/process.ts";
import { exitCode } from "../../events/exit-code.ts";
import type { CliContext } from "../context.ts";
import { UsageInvalid } from "../errors.ts";
import { ensurePackages } from "../packages.ts";
import type { OptionsOf } from "../table.ts";
import { runFile, type FileResult } from "../testing/run-file.ts";
import { STATIC_STEPS, type StaticStep } from "../testing/static-steps.ts";
import type { TapFailure } from "../testing/tap-count.ts";
import { findTestFiles, namedTestFiles, type TestFile } from "../testing/test-files.ts";
import type spec from "./test.command.ts";

const STEP_TIMEOUT_MS = 10 * 60_000;

export async function run(
  ctx: CliContext,
  options: OptionsOf<typeof spec>,
  args: readonly string[],
): Promise<number> {
  const missing = args.find((word) => !existsSync(resolve(ctx.cwd, word)));
  if (missing !== undefined) throw new UsageInvalid(`there is no file ${missing}`, "xenloop test");
  await ensurePackages(ctx, { yes: options.yes, use: "tests" });
  const total = { passed: 0, failed: 0, skipped: 0 };
  const add = ({ passed, failed, skipped }: typeof total) => {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  };

  const steps = args.length > 0 || options.integration ? [] : STATIC_STEPS;
  for (const step of steps) add(await runStep(ctx, step));

  const files =
    args.length > 0 ? await namedTestFiles(args, ctx.cwd, ctx.root) : await findTestFiles(ctx.root);
  const units = options.integration ? [] : files.filter(({ kind }) => kind === "unit");
  const integration = options.unit ? [] : files.filter(({ kind }) => kind === "integration");
  for (const [group, atOnce] of [
    [units, availableParallelism()],
    [integration, 1],
  ] as const) {
    const limit = pLimit(atOnce);
    await limit.map(group, async (file) => {
      ctx.signal.throwIfAborted();
      if (file.kind === "integration") ctx.stdout.write(`… ${file.path}\n`);
      const result = await runFile(file, ctx);
      add(result);
      ctx.stdout.write(describeFile(file, result));
    });
  }

  const { passed, failed, skipped } = total;
  ctx.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  if (passed + failed + skipped === 0) return exitCode("nothing-ran");
  return exitCode(failed === 0 ? "passed" : "failed");
}

async function runStep(ctx: CliContext, { title, argv, fix }: StaticStep) {
  const [program, ...words] = argv;
  const started = performance.now();
  const result = await runTool([join(ctx.root, "node_modules/.bin", program), ...words], {
    cwd: ctx.root,
    signal: ctx.signal,
    timeoutMs: STEP_TIMEOUT_MS,
    // Whatever the status, what the program printed is what a person needs to read.
    acceptExitCodes: Array.from({ length: 256 }, (_, status) => status),
  }).catch((error: unknown) => {
    ctx.signal.throwIfAborted();
    return { exitCode: 1, stdout: "", stderr: messageOf(error) };
  });
  const good = result.exitCode === 0;
  ctx.stdout.write(`${good ? "✔" : "✖"} ${title} (${argv.join(" ")}) ${seconds(started)}\n`);
  if (!good) {
    const said = [result.stdout, result.stderr].filter((text) => text.trim() !== "").join("\n");
    ctx.stdout.write(`${indent(said)}\n${fix === undefined ? "" : `  → ${fix}\n`}`);
  }
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 };
}

function describeFile({ path }: TestFile, result: FileResult): string {
  const { passed, failed, skipped, failures, ms } = result;
  const counts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  const line = `${failed === 0 ? "✔" : "✖"} ${path} (${counts.join(", ")}) ${(ms / 1000).toFixed(1)} s\n`;
  const again = failed === 0 ? "" : `  → ./xenloop test ${quoteArgv([path])}\n`;
  return `${line}${failures.map(describeFailure).join("")}${again}`;
}

function describeFailure({ name, detail }: TapFailure): string {
  return `  ✖ ${name}\n${indent(indent(stringify(detail)))}\n`;
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, "  ");
}
