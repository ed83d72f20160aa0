import { relative, resolve } from "node:path";
import { bodies } from "../../../reports/github/body.ts";
import { GithubClient } from "../../../reports/github/client.ts";
import { addToSummary, isJob, warningCommand } from "../../../reports/github/job-log.ts";
import { publish, type Publication } from "../../../reports/github/publish.ts";
import { withoutSecrets } from "../../../reports/github/secrets.ts";
import { publishTarget } from "../../../reports/github/target.ts";
import { exitCode } from "../../events/exit-code.ts";
import type { RunResult } from "../../events/result.ts";
import { readShardRuns } from "../../matrix/shard-runs.ts";
import type { CliContext } from "../context.ts";
import { UsageInvalid } from "../errors.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./report.command.ts";

type Options = OptionsOf<(typeof spec)["subcommands"][1]>;

const API = "https://api.github.com";

export async function run(
  ctx: CliContext,
  options: Options,
  [directory = ""]: readonly string[],
): Promise<number> {
  const result = withoutSecrets(await onlyRun(ctx, directory), ctx.env);
  if (options.dryRun) {
    ctx.stdout.write(`${bodies(result, {})[0]}\n`);
    return exitCode("passed");
  }
  const { env } = ctx;
  const target = publishTarget(env, {
    key: options.name,
    ...(options.artifact !== undefined && { artifact: options.artifact }),
  });
  const token = env["GITHUB_TOKEN"] ?? env["GH_TOKEN"];
  if (!token) throw new UsageInvalid("GITHUB_TOKEN is not set", "xenloop report publish");
  const { repository } = target;
  const client = new GithubClient({ repository, token, apiUrl: env["GITHUB_API_URL"] ?? API });
  const published = await publish(client, result, target);
  return tell(ctx, published);
}

async function onlyRun(ctx: CliContext, directory: string): Promise<RunResult> {
  const runs = await readShardRuns([resolve(ctx.cwd, directory)]);
  const [run] = runs;
  if (runs.length !== 1 || !run) {
    const shown = runs.map((each) => relative(ctx.cwd, each.directory)).join(", ");
    throw new UsageInvalid(
      `${directory} holds ${runs.length} runs, not one: ${shown}`,
      "xenloop report merge",
    );
  }
  return run.result;
}

async function tell(
  ctx: CliContext,
  { comment, check, notes, texts }: Publication,
): Promise<number> {
  ctx.stdout.write(`comment: ${comment}\ncheck: ${check}\n`);
  const isMissing = (outcome: string) => ["refused", "failed"].includes(outcome);
  const lines = [...notes];
  if (isMissing(comment) || isMissing(check)) {
    const isKept = await addToSummary(ctx.env, texts);
    lines.push(isKept ? "the job's summary holds it instead" : "there is no job summary for it");
  }
  for (const line of lines) ctx.stderr.write(`xenloop: ${line}\n`);
  if (isJob(ctx.env)) ctx.stdout.write(lines.map(warningCommand).join(""));
  return exitCode([comment, check].includes("failed") ? "error" : "passed");
}
