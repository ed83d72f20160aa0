import { failuresOf } from "../events/failure-title.ts";
import type { CellResult, RunResult } from "../events/result.ts";
import type { AttemptStatus, CellStatus } from "../events/status.ts";

/** Version of a line of history.jsonl; readers leave out newer ones. */
export const HISTORY_VERSION = 1;

/** What history keeps of one cell of one run: a line of history.jsonl. */
export interface HistoryRecord {
  v: number;
  run: string;
  /** When the run started, ISO 8601, UTC. */
  at: string;
  cell: string;
  scenario: string;
  host: string;
  status: CellStatus;
  ms: number;
  attempts: AttemptStatus[];
  /** Title of the failure, as the report shows it; of a red or flaky cell. */
  title?: string;
  /** Id of the known issue. */
  known?: string;
  accel: string;
  commit?: string;
  /** SHA-256 of the host's lock. */
  lock?: string;
  /** SHA-256 of the scenario's file. */
  code?: string;
  versions: Record<string, string>;
  /** Milliseconds of each phase of the last attempt, and numeric facts as the scenario named them. */
  figures: Record<string, number>;
}

const VERSIONS = ["xen_version", "libvirt_version", "dom0_kernel"];
/** Nothing is learnt about a cell from these. */
const SILENT: readonly CellStatus[] = ["skipped", "interrupted"];

/** The lines that a run adds to history. */
export function recordsOf({ run, cells }: RunResult): HistoryRecord[] {
  const titles = new Map(
    failuresOf(cells).flatMap(({ title, cells: alike }) => alike.map(({ id }) => [id, title])),
  );
  return cells
    .filter(({ status }) => !SILENT.includes(status))
    .map((cell) => {
      const title = titles.get(cell.id) ?? (cell.status === "flaky" ? cell.reason : undefined);
      const lock = run.locks?.[cell.host];
      const code = run.scenarios?.[cell.scenario];
      return {
        v: HISTORY_VERSION,
        run: run.runId,
        at: run.startedAt,
        cell: cell.id,
        scenario: cell.scenario,
        host: cell.host,
        status: cell.status,
        ms: Math.round(cell.ms),
        attempts: cell.attempts.map(({ status }) => status),
        ...(title !== undefined && { title }),
        ...(cell.known && { known: cell.known.issue }),
        accel: run.accel,
        ...(run.commit !== undefined && { commit: run.commit }),
        ...(lock !== undefined && { lock }),
        ...(code !== undefined && { code }),
        versions: pick(cell.facts, VERSIONS),
        figures: figuresOf(cell),
      };
    });
}

function figuresOf({ attempts, facts }: CellResult): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const { phase, ms } of attempts.at(-1)?.phases ?? []) {
    figures[phase] = Math.round((figures[phase] ?? 0) + ms);
  }
  for (const [name, value] of Object.entries(facts)) {
    if (/^\d+(\.\d+)?$/.test(value)) figures[name] = Number(value);
  }
  return figures;
}

function pick(facts: Readonly<Record<string, string>>, names: readonly string[]) {
  return Object.fromEntries(
    names.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]])),
  );
}
