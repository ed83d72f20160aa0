import { CellRecord, PhaseLog } from "./cell-record.ts";
import { EventsWithoutRun } from "./errors.ts";
import { exitCode } from "./exit-code.ts";
import type { RunHistory } from "./history.ts";
import { RESULT_VERSION, type CellResult, type RunHeader, type RunResult } from "./result.ts";
import type { EventBodies, PlannedCell, RunEvent } from "./schema.ts";
import { CELL_STATUSES, type CellStatus } from "./status.ts";

/**
 * The result of a run, computed from its events alone. A cell that was planned and
 * never ended, because the runner was killed, is interrupted.
 *
 * @throws EventsWithoutRun when there is no run-started event
 */
export function reduce(events: Iterable<RunEvent>): RunResult {
  const builder = new ResultBuilder();
  for (const event of events) builder.add(event);
  return builder.result();
}

/** The same, one event at a time; the live reporters ask it for what is known so far. */
export class ResultBuilder {
  #header: (EventBodies["run-started"] & { startedAt: string }) | undefined;
  #end: EventBodies["run-ended"] | undefined;
  /** Time of the last event, in milliseconds since the epoch. */
  #now = 0;
  readonly #cells = new Map<string, CellRecord>();
  readonly #preparations = new Map<string, PhaseLog>();
  readonly #warnings: string[] = [];
  #history: RunHistory | undefined;

  add(event: RunEvent): void {
    this.#now = Date.parse(event.time);
    switch (event.type) {
      case "run-started": {
        const { v: _v, seq: _seq, time: startedAt, type: _type, ...body } = event;
        this.#header = { ...body, startedAt };
        break;
      }
      case "planned":
        for (const planned of event.cells) this.#plan(planned);
        break;
      case "phase-started":
        this.#phases(event.scope).start(event.phase, this.#now);
        break;
      case "phase-ended":
        this.#phases(event.scope).end(event, this.#now);
        break;
      case "cell-started":
        this.#cell(event.cell).attempt(event.attempt, this.#now);
        break;
      case "facts":
        Object.assign(this.#cell(event.cell).facts, event.facts);
        break;
      case "assertion": {
        const { ok, name, detail } = event;
        const assertion = { ok, name, ...(detail === undefined ? {} : { detail }) };
        this.#cell(event.cell).attempt(event.attempt, this.#now).assertions.push(assertion);
        break;
      }
      case "comment":
        this.#cell(event.cell).comments.push(event.text);
        break;
      case "known-issue": {
        const known = { issue: event.issue, title: event.title };
        this.#cell(event.cell).attempt(event.attempt, this.#now).known = known;
        break;
      }
      case "evidence":
        this.#cell(event.cell).attempt(event.attempt, this.#now).evidence.push(event.item);
        break;
      case "cell-ended":
        this.#cell(event.cell).end(event, this.#now);
        break;
      case "compared": {
        const { cell, role, effect, base } = event;
        this.#cell(cell).comparison = {
          role,
          ...(effect === undefined ? {} : { effect }),
          ...(base === undefined ? {} : { base }),
        };
        break;
      }
      case "history": {
        const { cells, changes, trends } = event;
        this.#history = { cells, changes, trends };
        break;
      }
      case "warning":
        this.#warnings.push(event.message);
        break;
      case "run-ended":
        this.#end = event;
        break;
    }
  }

  /** Whether the run has started; there is no result of one that has not. */
  get begun(): boolean {
    return this.#header !== undefined;
  }

  /** What is known of a cell; one that has not ended counts as interrupted. */
  cell(id: string): CellResult {
    return this.#cell(id).result(this.#now);
  }

  result(): RunResult {
    if (!this.#header) throw new EventsWithoutRun();
    const cells = [...this.#cells.values()].map((cell) => cell.result(this.#now));
    const statuses = cells.map(({ status }) => status);
    const end = this.#end;
    const startedAt = Date.parse(this.#header.startedAt);
    return {
      version: RESULT_VERSION,
      run: this.#runHeader(this.#header),
      complete: end !== undefined,
      exitCode: end?.exitCode ?? exitCode("interrupted"),
      reason: end?.reason ?? "the runner was killed before it could end the run",
      ...(end?.next === undefined ? {} : { next: end.next }),
      counts: countOf(statuses),
      preparations: [...this.#preparations].flatMap(([scope, log]) =>
        log.results(this.#now, startedAt).map((phase) => ({ scope, ...phase })),
      ),
      cells,
      warnings: [...this.#warnings],
      ...(this.#history && { history: this.#history }),
    };
  }

  #runHeader(header: EventBodies["run-started"] & { startedAt: string }): RunHeader {
    return { ...header, ms: this.#end?.ms ?? this.#now - Date.parse(header.startedAt) };
  }

  #plan(planned: PlannedCell): void {
    const known = this.#cells.get(planned.id);
    if (known) known.planned = planned;
    else this.#cells.set(planned.id, new CellRecord(planned));
  }

  #cell(id: string): CellRecord {
    if (!this.#cells.has(id)) this.#plan(unplanned(id));
    return this.#cells.get(id)!;
  }

  #phases(scope: string): PhaseLog {
    const cell = this.#cells.get(scope);
    if (cell) return cell.current(this.#now).phases;
    if (!this.#preparations.has(scope)) this.#preparations.set(scope, new PhaseLog());
    return this.#preparations.get(scope)!;
  }
}

function countOf(statuses: readonly CellStatus[]): Record<CellStatus, number> {
  const counts = Object.fromEntries(CELL_STATUSES.map((status) => [status, 0]));
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts as Record<CellStatus, number>;
}

/** A cell that ran without having been planned is shown all the same, never dropped. */
function unplanned(id: string): PlannedCell {
  const [, scenario = id, host = ""] = /^([^[]*)\[([^,\]]*)/.exec(id) ?? [];
  return { id, scenario, title: scenario, host, axes: {}, tags: [], deadlineSeconds: 0 };
}
