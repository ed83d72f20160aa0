import { relative } from "node:path";
import { exitCode } from "../../events/exit-code.ts";
import type { RunResult } from "../../events/result.ts";
import { NotReproducible } from "../../known/errors.ts";
import { compareAll, type Change, type Comparison } from "../../known/prediction.ts";
import { findKnownIssue, loadKnownIssues, type KnownIssueFile } from "../../known/registry.ts";
import { plan } from "../../plan/plan.ts";
import type { HostSpec } from "../../spec/host-spec.ts";
import type { CliContext } from "../context.ts";
import { UsageInvalid } from "../errors.ts";
import { namedHosts } from "../image-store.ts";
import type { OptionsOf } from "../table.ts";
import type spec from "./repro.command.ts";
import { runChoice } from "./run.ts";

type Options = OptionsOf<typeof spec>;

export async function run(
  ctx: CliContext,
  options: Options,
  ids: readonly string[],
): Promise<number> {
  const chosen = await chooseIssues(ids, options.all);
  const hosts = await namedHosts(ctx, options.host);
  let worst = 0;
  // Those that change dom0's settings need a host of their own, and come as a run of their own.
  for (const group of groups(chosen)) {
    const code = await reproduce(ctx, options, group, hosts);
    if (code === exitCode("interrupted")) return code;
    worst = Math.max(worst, code);
  }
  return worst;
}

async function chooseIssues(ids: readonly string[], all: boolean): Promise<KnownIssueFile[]> {
  if (all === ids.length > 0) {
    throw new UsageInvalid("name issues such as K05, or say --all", "xenloop repro");
  }
  const known = await loadKnownIssues();
  if (all) return known.filter(({ scenario }) => scenario !== undefined);
  return ids.map((id) => {
    const file = findKnownIssue(known, id);
    if (!file.scenario) throw new NotReproducible(file.issue.id, file.issue.cannotRun ?? "");
    return file;
  });
}

function groups(files: readonly KnownIssueFile[]): KnownIssueFile[][] {
  const byDom0 = new Map<string, KnownIssueFile[]>();
  for (const file of files) {
    const key = JSON.stringify(file.issue.reproducer?.dom0 ?? {});
    byDom0.set(key, [...(byDom0.get(key) ?? []), file]);
  }
  return [...byDom0.values()];
}

async function reproduce(
  ctx: CliContext,
  options: Options,
  group: readonly KnownIssueFile[],
  asIs: readonly HostSpec[],
): Promise<number> {
  const dom0 = group[0]?.issue.reproducer?.dom0 ?? {};
  const hosts = asIs.map((host) => ({ ...host, dom0: { ...host.dom0, ...dom0 } }));
  const scenarios = group.flatMap(({ scenario }) => scenario ?? []);
  const wants = ({ scenario, host }: { scenario: string; host: string }): boolean =>
    group.find((file) => file.scenario?.meta.id === scenario)?.issue.reproducer?.notOn?.[host] ===
    undefined;
  const cells = (scale = 1) => plan({ scenarios, hosts, wants, scale });
  if (cells().length === 0) return exitCode("passed");
  const registry = await ctx.hosts();
  const hostNamed = (name: string) => registry.get(name);
  const choice = { scenarios, hosts, hostNamed, wants, cells };
  let code = 0;
  let result: RunResult | undefined;
  let directory = "";
  const ran = await runChoice(ctx, choice, options, {
    shell: options.shell,
    onResult: (ended, path) => {
      [result, directory] = [ended, path];
    },
  });
  // A failing cell is what a reproducer is for; what else ends a run is not.
  if (!result || ran === exitCode("interrupted")) return ran;
  const place = relative(ctx.cwd, directory) || ".";
  for (const file of group) {
    const comparisons = compareAll([file], result.cells);
    if (comparisons.length === 0) continue;
    ctx.stdout.write(story(file, comparisons, place));
    for (const comparison of comparisons) code = Math.max(code, codeOf(comparison));
  }
  return code;
}

function codeOf({ outcome, change }: Comparison): number {
  if (change !== undefined) return exitCode("failed");
  return outcome === "not-reproducible" ? exitCode("error") : exitCode("passed");
}

/** What was done, what was seen, and whether that is what was predicted. */
function story(
  { issue, scenario }: KnownIssueFile,
  comparisons: readonly Comparison[],
  directory: string,
): string {
  const lines = comparisons.flatMap(({ host, predicted, observed, outcome, change, seen }) => [
    `  ${host}: ${outcome.replaceAll("-", " ")}; predicted ${predicted}, observed ${observed}`,
    ...(seen === "" ? [] : [`    seen      ${seen}`]),
    `    evidence  ${directory}/cells/${scenario?.meta.id}_${host}/`,
    ...(change === undefined ? [] : [`    ${change.padEnd(10)}${advice(change, host)}`]),
  ]);
  const head = `\n${issue.id}: ${issue.title}\n  done: ${issue.reproducer?.does ?? ""}\n`;
  return `${head}${lines.join("\n")}\n`;
}

function advice(change: Change, host: string): string {
  switch (change) {
    case "fixed?":
      return `it stopped happening on ${host}: correct what its file says of it, or retire it`;
    case "new?":
      return `it began to happen on ${host}: correct what its file says of it`;
    case "different":
      return `the reproducer fails on ${host} without the issue's own marks`;
  }
}
