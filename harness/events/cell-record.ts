import type {
  AssertionResult,
  AttemptResult,
  CellComparison,
  CellResult,
  KnownIssueRef,
  Outcome,
  PhaseResult,
} from "./result.ts";
import type { EventBodies, EvidenceItem, Facts, PlannedCell } from "./schema.ts";
import { wentWrong, type CellStatus } from "./status.ts";

interface PhaseRecord {
  phase: string;
  startedAt: number;
  ended?: Pick<PhaseResult, "ms" | "detail" | "failed">;
}

interface AttemptRecord {
  attempt: number;
  /** Milliseconds since the epoch. */
  startedAt: number;
  phases: PhaseLog;
  assertions: AssertionResult[];
  evidence: EvidenceItem[];
  known?: KnownIssueRef;
  ended?: EventBodies["cell-ended"];
  endedAt?: number;
}

/** The phases of one scope in the order they began; the same phase may come again. */
export class PhaseLog {
  readonly #phases: PhaseRecord[] = [];

  start(phase: string, at: number): void {
    this.#phases.push({ phase, startedAt: at });
  }

  end({ phase, ms, detail, failed }: EventBodies["phase-ended"], at: number): void {
    const open = this.#phases.findLast((record) => record.phase === phase && !record.ended);
    const record = open ?? { phase, startedAt: at - ms };
    if (!open) this.#phases.push(record);
    record.ended = {
      ms,
      ...(detail === undefined ? {} : { detail }),
      ...(failed === undefined ? {} : { failed }),
    };
  }

  /** The phase that is going on. */
  get open(): PhaseRecord | undefined {
    return this.#phases.findLast((record) => !record.ended);
  }

  /** @param from what the phases' `at` counts from, in milliseconds since the epoch */
  results(now: number, from: number): PhaseResult[] {
    return this.#phases.map(({ phase, startedAt, ended }) => {
      const at = Math.max(0, startedAt - from);
      return ended
        ? { phase, at, ended: true, ...ended }
        : { phase, at, ended: false, ms: Math.max(0, now - startedAt) };
    });
  }
}

/** Everything the stream has said about one cell so far. */
export class CellRecord {
  planned: PlannedCell;
  readonly facts: Facts = {};
  readonly comments: string[] = [];
  comparison?: CellComparison;
  readonly #attempts: AttemptRecord[] = [];

  constructor(planned: PlannedCell) {
    this.planned = planned;
  }

  attempt(number: number, at: number): AttemptRecord {
    const known = this.#attempts.find(({ attempt }) => attempt === number);
    if (known) return known;
    const started: AttemptRecord = {
      attempt: number,
      startedAt: at,
      phases: new PhaseLog(),
      assertions: [],
      evidence: [],
    };
    this.#attempts.push(started);
    return started;
  }

  /** The attempt that a phase belongs to, which does not name one. */
  current(at: number): AttemptRecord {
    return this.#attempts.at(-1) ?? this.attempt(1, at);
  }

  end(body: EventBodies["cell-ended"], at: number): void {
    Object.assign(this.attempt(body.attempt, at), { ended: body, endedAt: at });
  }

  result(now: number): CellResult {
    const { excluded, ...planned } = this.planned;
    const attempts = this.#attempts.map((record) => attemptResult(record, now));
    const last = attempts.at(-1);
    const outcome: Outcome<CellStatus> = last
      ? pickOutcome(attempts, last)
      : excluded === undefined
        ? { ...INTERRUPTED, reason: "the run ended before this cell started" }
        : { ...INTERRUPTED, status: "skipped" as const, reason: excluded };
    const facts = { ...this.facts };
    const known = (outcome.status === "flaky" ? attempts : attempts.slice(-1)).find(
      (attempt) => attempt.known !== undefined,
    )?.known;
    const comments = [...this.comments];
    return {
      ...planned,
      ...outcome,
      facts,
      comments,
      attempts,
      ...(known && { known }),
      ...(this.comparison && { comparison: { ...this.comparison } }),
    };
  }
}

const INTERRUPTED = { status: "interrupted" as const, ms: 0, excerpt: [] };

function attemptResult(record: AttemptRecord, now: number): AttemptResult {
  const { attempt, ended } = record;
  const kept = {
    attempt,
    startedAt: new Date(record.startedAt).toISOString(),
    phases: record.phases.results(record.endedAt ?? now, record.startedAt),
    assertions: [...record.assertions],
    evidence: [...record.evidence],
    ...(record.known && { known: record.known }),
  };
  if (ended) {
    return { ...kept, ...outcomeOf(ended) };
  }
  const phase = record.phases.open?.phase;
  const reason = `the run ended before this cell did${phase ? `, during ${phase}` : ""}`;
  return { ...kept, ...INTERRUPTED, reason, ms: Math.max(0, now - record.startedAt) };
}

/** A retry that passes does not hide what it was a retry of. */
function pickOutcome(attempts: readonly AttemptResult[], last: AttemptResult): Outcome<CellStatus> {
  const failed = attempts.filter((attempt) => wentWrong(attempt.status));
  const [first] = failed;
  if (last.status === "passed" && first) {
    const count = `${failed.length} of ${attempts.length} attempts did not pass`;
    const reason = `${count}: ${first.reason}`;
    const { diagnosis, excerpt } = first;
    const told = diagnosis === undefined ? {} : { diagnosis };
    return { status: "flaky", reason, ...told, ms: last.ms, excerpt };
  }
  return outcomeOf(last);
}

function outcomeOf(ended: Omit<Outcome, "excerpt"> & Partial<Outcome>): Outcome {
  const { status, reason, diagnosis, code, hint, ms, excerpt = [] } = ended;
  return {
    status,
    reason,
    ...(diagnosis !== undefined && { diagnosis }),
    ...(code !== undefined && { code }),
    ...(hint !== undefined && { hint }),
    ms,
    excerpt,
  };
}
