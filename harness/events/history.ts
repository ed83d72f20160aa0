import type { CellStatus } from "./status.ts";

/** A run in which a cell was seen, with what it was made of. */
export interface HistoryMoment {
  run: string;
  /** Start of the run, ISO 8601, UTC. */
  at: string;
  commit?: string;
  /** SHA-256 of the host's lock. */
  lock?: string;
  /** SHA-256 of the scenario's file. */
  code?: string;
  versions: Record<string, string>;
  /** What failed. */
  title?: string;
}

export interface HistoryOfCell {
  cell: string;
  /** In how many runs it was seen, this one among them. */
  runs: number;
  /** In how many its outcome was chance. */
  flakes: number;
  /** The newest runs, the oldest of these first. */
  recent: { run: string; at: string; status: CellStatus; ms: number }[];
  /** The first red run since the last good one; absent when the newest run is good. */
  firstBad?: HistoryMoment;
  lastGood?: HistoryMoment;
}

/** What differs from a run in which cells were good that are red now. */
export interface ChangesSince {
  run: string;
  at: string;
  /** The cells that were good then. */
  cells: string[];
  /** `libvirt0 9.0.0-4 → 9.0.0-5`, by host; undefined when the lock of then is not known. */
  packages: Record<string, string[]>;
  /** Hosts whose lock differs, though not how. */
  unknownLocks: string[];
  /** One line a commit, the newest first. */
  commits: string[];
  /** Scenarios whose file differs. */
  scenarios: string[];
}

/** A figure of one host or cell over runs. */
export interface Trend {
  name: string;
  host: string;
  unit: "s" | "ms" | "%";
  points: { at: string; value: number }[];
}

/** What earlier runs add to this one. */
export interface RunHistory {
  cells: HistoryOfCell[];
  changes: ChangesSince[];
  trends: Trend[];
}
