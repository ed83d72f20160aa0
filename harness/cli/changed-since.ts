import { join } from "node:path";
import { PASSES_OF_NEW_CELLS } from "./changed-option.ts";
import type { CliContext } from "./context.ts";
import { RevisionUnknown } from "./errors.ts";
import { git } from "./git.ts";
import { choose, type Choice, type SelectionValues } from "./selection.ts";

/**
 * What was chosen, and the cells of all scenarios that changed since `revision`.
 * @throws RevisionUnknown, and what `choose` throws
 */
export async function withChanged(
  ctx: CliContext,
  options: SelectionValues,
  choice: Choice,
  revision: string,
): Promise<Choice> {
  const files = await changedFiles(ctx.root, revision);
  const ids = (await ctx.scenarios())
    .filter(({ file }) => files.has(file))
    .map(({ meta }) => meta.id);
  if (ids.length === 0) return choice;
  const changed = await choose(ctx, { ...options, grep: undefined, tags: undefined }, ids);
  const isNew = (scenario: string): boolean => ids.includes(scenario);
  const others = choice.scenarios.filter(({ meta }) => !isNew(meta.id));
  const names = new Set(choice.hosts.map(({ name }) => name));
  return {
    ...choice,
    scenarios: [...others, ...changed.scenarios],
    hosts: [...choice.hosts, ...changed.hosts.filter(({ name }) => !names.has(name))],
    cells: (scale) => [
      ...choice.cells(scale).filter(({ scenario }) => !isNew(scenario)),
      ...changed.cells(scale).map((cell) => ({ ...cell, passes: PASSES_OF_NEW_CELLS })),
    ],
  };
}

/** Absolute paths of what was added or changed, committed or not. */
async function changedFiles(root: string, revision: string): Promise<Set<string>> {
  const differing = ["diff", "-z", "--name-only", "--diff-filter=d", "--relative"];
  const lists = await Promise.all([
    // A revision that begins with a dash is not one.
    git(root, [...differing, "--end-of-options", revision]),
    git(root, ["ls-files", "-z", "--others", "--exclude-standard"]),
  ]).catch((error: unknown) => {
    throw new RevisionUnknown(revision, error);
  });
  const paths = lists.flatMap((list) => list.split("\0").filter(Boolean));
  return new Set(paths.map((path) => join(root, path)));
}
