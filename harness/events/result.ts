import type { RunHistory } from "./history.ts";
import type { EventBodies, EvidenceItem, Facts, PlannedCell } from "./schema.ts";
import type { AttemptStatus, CellStatus } from "./status.ts";

/** Version of result.json. */
export const RESULT_VERSION = 1;

export interface PhaseResult {
  phase: string;
  /** Milliseconds from the start of the attempt, or of the run, to that of the phase. */
  at: number;
  /** Milliseconds; up to the end of the cell or the last event when the phase did not end. */
  ms: number;
  ended: boolean;
  detail?: string;
  /** An error cut it off, and what needed it was done in another way or not at all. */
  failed?: true;
}

/** A step before the cells, such as the building of an image. */
export interface PreparationResult extends PhaseResult {
  /** What was prepared, such as `image:debian-12`. */
  scope: string;
}

export interface AssertionResult {
  ok: boolean;
  name: string;
  detail?: string;
}

/** How a cell or one attempt at it ended. */
export interface Outcome<Status = AttemptStatus> {
  status: Status;
  /** One sentence; empty when passed. */
  reason: string;
  /** Which layer broke, and how, in one sentence made from the evidence; of what went wrong. */
  diagnosis?: string;
  /** Stable code of the error behind the reason, when there is one. */
  code?: string;
  /** The next command to type, or the edit to make, when the error knows it. */
  hint?: string;
  ms: number;
  /** The last lines of the console that tells the story. */
  excerpt: string[];
}

export interface AttemptResult extends Outcome {
  /** Counted from 1. */
  attempt: number;
  /** ISO 8601, UTC. */
  startedAt: string;
  phases: PhaseResult[];
  assertions: AssertionResult[];
  evidence: EvidenceItem[];
  /** The known issue that explains the outcome. */
  known?: KnownIssueRef;
}

export interface KnownIssueRef {
  /** Such as `K05`. */
  issue: string;
  title: string;
}

/** Which build a cell was for, and on a patched one what the patch did. */
export type CellComparison = Omit<EventBodies["compared"], "cell">;

/** The outcome of a cell is that of its last attempt; `flaky` when only that one passed. */
export interface CellResult extends Omit<PlannedCell, "excluded">, Outcome<CellStatus> {
  facts: Facts;
  comments: string[];
  attempts: AttemptResult[];
  /** That of the attempt which decides: the last, or of a flaky cell the first that has one. */
  known?: KnownIssueRef;
  /** Absent where the run does not compare builds. */
  comparison?: CellComparison;
}

type RunStarted = EventBodies["run-started"];

export interface RunHeader extends RunStarted {
  /** ISO 8601, UTC. */
  startedAt: string;
  ms: number;
}

/** A whole run; result.json is its JSON. */
export interface RunResult {
  version: number;
  run: RunHeader;
  /** False when the runner was killed before it could end the run. */
  complete: boolean;
  exitCode: number;
  reason: string;
  /** The next command to type. */
  next?: string;
  counts: Record<CellStatus, number>;
  preparations: PreparationResult[];
  cells: CellResult[];
  warnings: string[];
  /** Absent where earlier runs are not known. */
  history?: RunHistory;
}
