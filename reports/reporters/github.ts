import { bodies, type Links } from "../github/body.ts";
import { annotationsOf } from "../github/check.ts";
import { addToSummary, annotationCommands, isJob, quietLines } from "../github/job-log.ts";
import { withoutSecrets } from "../github/secrets.ts";
import { writeReport } from "../report-file.ts";
import type { ReporterDefinition, ReporterOptions } from "../reporter.ts";

export default {
  name: "github",
  summary: "summary.md; in a GitHub job its summary and annotations too, and by itself there",
  takesPath: "optional",
  defaultPath: "summary.md",
  create: ({ path, stdout, env }) => {
    const quiet = isJob(env) ? quietLines() : undefined;
    return {
      printsToTerminal: quiet !== undefined,
      onEvent(event) {
        if (quiet && event.type === "run-started") stdout.write(quiet.from);
      },
      async finish(whole) {
        const result = withoutSecrets(whole, env);
        const texts = bodies(result, linksOf(env));
        if (quiet) stdout.write(quiet.to + annotationCommands(annotationsOf(result)));
        await addToSummary(env, texts);
        if (path !== undefined) await writeReport(path, `${texts[0]}\n`);
      },
    };
  },
} satisfies ReporterDefinition;

function linksOf(env: ReporterOptions["env"]): Links {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (!server || !repository || !run) return {};
  return { run: `${server}/${repository}/actions/runs/${run}` };
}
