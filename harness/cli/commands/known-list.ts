import { canBeInRange } from "../../plan/version-range.ts";
import { loadKnownIssues } from "../../known/registry.ts";
import type { HostSpec } from "../../spec/host-spec.ts";
import type { KnownIssue } from "../../spec/known-issue.ts";
import type { CliContext } from "../context.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./known.command.ts";

export async function run(
  ctx: CliContext,
  { host, json }: OptionsOf<(typeof spec)["subcommands"][0]>,
): Promise<number> {
  const files = await loadKnownIssues();
  const place = host === undefined ? undefined : (await ctx.hosts()).get(host);
  const issues = files
    .map(({ issue }) => issue)
    .filter((issue) => place === undefined || mayHappenOn(issue, place));
  if (json) {
    const rows = issues.map(({ id, title, reproducer, cannotRun }) => ({
      id,
      title,
      ...(reproducer ? { predicted: reproducer.predicted } : { cannotRun }),
    }));
    ctx.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return 0;
  }
  for (const { id, title, reproducer } of issues) {
    ctx.stdout.write(`${id}  ${reproducer ? "repro" : "     "}  ${title}\n`);
  }
  return 0;
}

/** As far as the host's file tells: it promises only the beginning of each version. */
function mayHappenOn({ affected, reproducer }: KnownIssue, { name, expect }: HostSpec): boolean {
  const predicted = reproducer?.predicted[name];
  if (predicted !== undefined) return predicted === "happens";
  return (["xen", "libvirt", "kernel"] as const).every((what) => {
    const ranges = affected[what];
    return ranges === undefined || ranges.some((range) => canBeInRange(expect[what], range));
  });
}
