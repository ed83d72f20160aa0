import type { RunResult } from "../../harness/events/result.ts";
import type { CellStatus } from "../../harness/events/status.ts";
import { isBase, isUndecided } from "../compared.ts";
import { sortCells } from "./sort-cells.ts";

export type Conclusion = "success" | "failure" | "neutral" | "cancelled";

/**
 * Whether the change may go on: what was broken or known before does not hold it up, what is new
 * does, and so does a run that proves nothing.
 */
export function conclusionOf(result: RunResult): Conclusion {
  const { fresh, stale, known, unfinished, unseen } = sortCells(result);
  if (fresh.length > 0) return "failure";
  if (unfinished.length > 0) return "cancelled";
  // A run that broke, as a whole, is no proof, whatever its cells say.
  if (!result.complete || result.exitCode === 2) return "failure";
  // Where nothing was seen without the patch, no failure is known to be an old one.
  if (unseen.some(isUndecided)) return "failure";
  const isSeen = countOf(result, "passed") + countOf(result, "flaky") > 0;
  return stale.length + known.length > 0 || !isSeen ? "neutral" : "success";
}

/** One line for people: `2 new failures, 1 known, 12 passed`. */
export function headline(result: RunResult): string {
  const { fresh, stale, known, unfinished, unseen, flaky, fixed } = sortCells(result);
  const undecided = unseen.filter(isUndecided).length;
  const parts: [number, string][] = [
    [fresh.length, fresh.length === 1 ? "new failure" : "new failures"],
    [stale.length, "still red"],
    [known.length, "known"],
    [unfinished.length, "unfinished"],
    [undecided, "undecided"],
    [unseen.length - undecided, "unseen without the patch"],
    [flaky.length, "flaky"],
    [fixed.length, "fixed"],
    [countOf(result, "passed"), "passed"],
    [countOf(result, "skipped"), "skipped"],
  ];
  const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return words.length === 0 ? "nothing ran" : words.join(", ");
}

/** Of the change: what passes without the patch says nothing for it. */
function countOf({ cells }: RunResult, wanted: CellStatus): number {
  return cells.filter((cell) => cell.status === wanted && !isBase(cell)).length;
}
