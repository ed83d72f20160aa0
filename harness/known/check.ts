import type { RunResult } from "../events/result.ts";
import { recordedRun } from "../events/recorded-run.ts";
import type { KnownIssue } from "../spec/known-issue.ts";
import { evidenceText } from "./evidence-text.ts";
import { matching } from "./match.ts";

/** A fingerprint that matches what a passing attempt left behind: it would explain anything. */
export interface LooseFingerprint {
  issue: string;
  run: string;
  cell: string;
  attempt: number;
}

export interface CheckedRun {
  result: RunResult;
  /** Attempts that passed and were looked at. */
  passed: number;
  loose: LooseFingerprint[];
}

/** Holds every fingerprint against the evidence of a run's passing attempts. */
export async function checkRun(
  runPath: string,
  issues: readonly KnownIssue[],
): Promise<CheckedRun> {
  const result = recordedRun(runPath);
  const loose: LooseFingerprint[] = [];
  let passed = 0;
  for (const cell of result.cells) {
    for (const { attempt, status, reason, assertions, evidence } of cell.attempts) {
      if (status !== "passed") continue;
      passed += 1;
      const traces = {
        facts: cell.facts,
        reason,
        assertions,
        evidence: evidenceText(runPath, evidence),
      };
      for await (const issue of matching(issues, traces)) {
        loose.push({ issue: issue.id, run: result.run.runId, cell: cell.id, attempt });
      }
    }
  }
  return { result, passed, loose };
}
