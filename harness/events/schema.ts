import type { RunHistory } from "./history.ts";
import type { AttemptStatus, CellStatus } from "./status.ts";

/** Version of the event stream; readers refuse a newer one. */
export const EVENTS_VERSION = 1;

/** Scenario of the cells that say whether what is checked builds; no file holds it. */
export const BUILD_SCENARIO = "build";

export interface PlannedCell {
  /** `scenario[host]` or `scenario[host,axis=value]`. */
  id: string;
  scenario: string;
  title: string;
  host: string;
  axes: Record<string, string>;
  tags: string[];
  /** How many hosts it takes, when more than one. */
  hosts?: number;
  /** The second of its hosts, when it is another than the first. */
  peer?: string;
  /** Boot-time settings that its host has instead of those of its file. */
  dom0?: { mem?: string; maxVcpus?: number; vcpusPin?: boolean };
  /** Seconds after scaling. */
  deadlineSeconds: number;
  /** Why the cell will not run, when it will not. */
  excluded?: string;
  /** It must pass this many times in a row, being new; once unless told. */
  passes?: number;
  /** The command line that runs it again, when that is not `run` with its id. */
  command?: string;
  /** Place in the whole plan, from 0, where only a shard of it runs. */
  position?: number;
}

/** Read from the live host or reported by the guest: `xen_version`, `guest_type`, … */
export type Facts = Record<string, string>;

export interface EvidenceItem {
  /** Path relative to the run directory, with forward slashes. */
  path: string;
  bytes: number;
  /** What it is, e.g. `serial`, `guest-console`, `xl-dmesg`. */
  kind: string;
}

export interface EventBodies {
  "run-started": {
    runId: string;
    harness: string;
    argv: string[];
    accel: string;
    accelReason?: string;
    qemu: string;
    /** Deadlines are multiplied by this; measured at the start of the run. */
    timeFactor: number;
    node: string;
    /** What git says of the checkout; `-dirty` where files are changed. */
    commit?: string;
    /** SHA-256 of images/lock/<host>.json, by host; hosts without a lock are left out. */
    locks?: Record<string, string>;
    /** SHA-256 of each scenario's file, by id. */
    scenarios?: Record<string, string>;
    /** Which part of a matrix this is, `2/4`. */
    shard?: string;
    /** Digest of the plan the shard is a part of. */
    plan?: string;
  };
  planned: { cells: PlannedCell[] };
  /** `scope` is a cell id, or what is being prepared, such as `image:debian-12`. */
  "phase-started": { scope: string; phase: string };
  "phase-ended": {
    scope: string;
    phase: string;
    ms: number;
    detail?: string;
    /** An error cut it off. */
    failed?: true;
  };
  "cell-started": { cell: string; attempt: number };
  facts: { cell: string; facts: Facts };
  assertion: { cell: string; attempt: number; ok: boolean; name: string; detail?: string };
  comment: { cell: string; text: string };
  /** A known issue explains how the attempt ended. */
  "known-issue": { cell: string; attempt: number; issue: string; title: string };
  evidence: { cell: string; attempt: number; item: EvidenceItem };
  "cell-ended": {
    cell: string;
    attempt: number;
    status: AttemptStatus;
    /** One sentence: what happened, in which layer. Empty when passed. */
    reason: string;
    /** Which layer broke, and how, in one sentence made from the evidence. */
    diagnosis?: string;
    /** Stable code of the error class behind the reason, when there is one. */
    code?: string;
    /** The next command to type, or the edit to make, when the error knows it. */
    hint?: string;
    ms: number;
    /** The last lines of the console that tells the story. */
    excerpt?: string[];
  };
  /** A cell was for one of two builds that the run compares; once a cell, before the end. */
  compared: {
    cell: string;
    role: "base" | "patched";
    /** What the patch did to it, such as `new failure`, `fixed` or `fails as before`. */
    effect?: string;
    /** How the same cell ended without the patch; absent when there is no such cell. */
    base?: CellStatus;
  };
  /** What earlier runs say of this one's cells; once, before the end. */
  history: RunHistory;
  warning: { message: string };
  "run-ended": { exitCode: number; reason: string; ms: number; next?: string };
}

export type EventType = keyof EventBodies;

/** One line of events.jsonl. */
export type RunEvent = {
  [K in EventType]: { v: number; seq: number; time: string; type: K } & EventBodies[K];
}[EventType];
