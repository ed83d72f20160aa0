import { relative } from "node:path";
import { findKnownIssue, loadKnownIssues } from "../../known/registry.ts";
import { affectedText } from "../../known/docs.ts";
import type { FingerprintPattern } from "../../spec/known-issue.ts";
import type { CliContext } from "../context.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./known.command.ts";

export async function run(
  ctx: CliContext,
  { json }: OptionsOf<(typeof spec)["subcommands"][1]>,
  [id = ""]: readonly string[],
): Promise<number> {
  const { issue, file } = findKnownIssue(await loadKnownIssues(), id);
  if (json) {
    const fingerprint = issue.fingerprint.map(({ in: kind, text }) => ({
      in: kind,
      text: text.source,
      flags: text.flags,
    }));
    ctx.stdout.write(`${JSON.stringify({ ...issue, fingerprint }, null, 2)}\n`);
    return 0;
  }
  const { reproducer, cannotRun } = issue;
  const rows: [string, string][] = [
    ["symptom", issue.symptom],
    ["affected", affectedText(issue.affected)],
    ["fix", issue.fix],
    ["source", issue.source],
    ["recognised", issue.fingerprint.map(patternText).join("\n") || "never: no fingerprint"],
    ...(reproducer
      ? ([
          ["reproducer", reproducer.does],
          [
            "predicted",
            Object.entries(reproducer.predicted)
              .map(([host, what]) => `${host}: ${what}`)
              .join("\n"),
          ],
          ["see it", `./xenloop repro ${issue.id}`],
        ] satisfies [string, string][])
      : ([["cannot run", cannotRun ?? ""]] satisfies [string, string][])),
    ["file", relative(ctx.cwd, file)],
  ];
  ctx.stdout.write(`${issue.id}: ${issue.title}\n\n`);
  for (const [name, text] of rows) {
    const lines = text.split("\n");
    ctx.stdout.write(`  ${name.padEnd(11)} ${lines.join(`\n${" ".repeat(14)}`)}\n`);
  }
  return 0;
}

function patternText({ in: kind, text }: FingerprintPattern): string {
  return `${kind} ~ ${String(text)}`;
}
