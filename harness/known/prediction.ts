import type { CellResult } from "../events/result.ts";
import type { KnownIssueFile } from "./registry.ts";
import type { KnownIssue, Prediction } from "../spec/known-issue.ts";

/** What one host showed of an issue; `other` is a failure without the issue's own marks. */
export type Observed = "happens" | "absent" | "other" | "unknown";

/** The issue's prediction against what was seen; `not-reproducible` where the host cannot show it. */
export type Outcome = "confirmed" | "wrong" | "not-reproducible";

/** Something is not as it was: an issue that stopped happening, and one that began to. */
export type Change = "fixed?" | "new?" | "different";

export interface Comparison {
  issue: string;
  host: string;
  predicted: Prediction | "nothing";
  observed: Observed;
  outcome: Outcome;
  change?: Change;
  /** What was seen, in a sentence. */
  seen: string;
}

/** Holds what the reproducer's cell came to against what the issue's file says. */
export function compare(issue: KnownIssue, cell: CellResult): Comparison {
  const predicted = issue.reproducer?.predicted[cell.host] ?? "nothing";
  const observed = observe(issue, cell);
  const change = changeOf(expectedOn(issue, cell.host), observed);
  return {
    issue: issue.id,
    host: cell.host,
    predicted,
    observed,
    outcome: outcomeOf(predicted, observed),
    ...(change !== undefined && { change }),
    seen: cell.reason.replaceAll("\n", " "),
  };
}

/** Every cell that is an issue's reproducer and was run. */
export function compareAll(
  files: readonly KnownIssueFile[],
  cells: readonly CellResult[],
): Comparison[] {
  return files.flatMap(({ issue, scenario }) =>
    cells.filter((cell) => cell.scenario === scenario?.meta.id).map((cell) => compare(issue, cell)),
  );
}

/** What a host showed when it was last looked at, or else what is predicted of it. */
export function expectedOn({ reproducer }: KnownIssue, host: string): Prediction | undefined {
  return reproducer?.corrected?.[host] ?? reproducer?.predicted[host];
}

function outcomeOf(predicted: Comparison["predicted"], observed: Observed): Outcome {
  if (observed === "unknown") return "not-reproducible";
  return predicted === observed || predicted === "nothing" ? "confirmed" : "wrong";
}

function changeOf(expected: Prediction | undefined, observed: Observed): Change | undefined {
  if (expected === undefined || observed === "unknown" || observed === expected) return undefined;
  if (observed === "other") return "different";
  return observed === "absent" ? "fixed?" : "new?";
}

function observe({ id }: KnownIssue, { status, known }: CellResult): Observed {
  if (status === "passed" || status === "flaky") return "absent";
  if (status === "skipped" || status === "interrupted") return "unknown";
  if (known?.issue === id) return "happens";
  return status === "error" ? "unknown" : "other";
}
