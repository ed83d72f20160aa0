import { exitCode, exitCodeOf } from "../events/exit-code.ts";
import type { RunResult } from "../events/result.ts";
import {
  EVENTS_VERSION,
  type EventBodies,
  type EventType,
  type Facts,
  type PlannedCell,
  type RunEvent,
} from "../events/schema.ts";
import { ShardsMissing, ShardsMixed } from "./errors.ts";
import {
  differencesOf,
  differing,
  missingShards,
  nameOf,
  refuseRepeatedCells,
} from "./shard-checks.ts";
import type { ShardRun } from "./shard-runs.ts";

export interface MergeOptions {
  runId: string;
  /** Differences of lock, commit and plan become warnings. */
  allowMixed: boolean;
  /** So do shards that are not there. */
  allowMissing: boolean;
}

export interface MergedRun {
  /** As one run would have written them, without its end. */
  events: RunEvent[];
  /** Times of the first start and the last end, in milliseconds since the epoch. */
  startedAt: number;
  endedAt: number;
  /** A shard is missing, was killed, or met trouble outside of its cells. */
  isIncomplete: boolean;
}

/**
 * Joins the events of shards into those of one run: the reducer and all reporters work on them
 * as on any other run's.
 * @throws CellTwice | ShardsMixed | ShardsMissing
 */
export function mergeShards(shards: readonly ShardRun[], options: MergeOptions): MergedRun {
  refuseRepeatedCells(shards);
  const differences = differencesOf(shards);
  if (differences.length > 0 && !options.allowMixed) throw new ShardsMixed(differences);
  const missing = missingShards(shards);
  if (missing.length > 0 && !options.allowMissing) throw new ShardsMissing(missing);
  const killed = shards.filter(({ result }) => !result.complete);
  const warnings = [
    ...differences.map((text) => `shards are mixed: ${text}`),
    ...missing.map((shard) => `shard ${shard} is missing: its cells are not in this result`),
    ...killed.map((shard) => `${nameOf(shard)} was killed before it could end`),
    ...differing("accelerator", shards, ({ result }) => result.run.accel),
    ...differing("QEMU", shards, ({ result }) => result.run.qemu),
    ...differing("Node", shards, ({ result }) => result.run.node),
    ...new Set(shards.flatMap(({ result }) => result.warnings)),
  ];
  const startedAt = Math.min(...shards.map(({ result }) => Date.parse(result.run.startedAt)));
  const endedAt = Math.max(...shards.map(({ events }) => Date.parse(events.at(-1)?.time ?? "")));
  const time = new Date(startedAt).toISOString();
  const header = headerOf(shards, options.runId);
  const cells = plannedCells(shards);
  const events = [
    event("run-started", header, time),
    event("planned", { cells }, time),
    ...warnings.map((message) => event("warning", { message }, time)),
    ...preparations(shards, cells),
    ...shards.flatMap((shard) => machineFacts(shard, header, time)),
    ...shards
      .flatMap((shard) => shard.events.filter((each) => isOfCell(each, shard)))
      .sort((a, b) => Date.parse(a.time) - Date.parse(b.time)),
  ];
  const isIncomplete =
    missing.length > 0 || killed.length > 0 || shards.some(({ result }) => hadTrouble(result));
  return {
    events: events.map((each, seq) => ({ ...each, seq })),
    startedAt,
    endedAt,
    isIncomplete,
  };
}

function event<K extends EventType>(type: K, body: EventBodies[K], time: string): RunEvent {
  return { v: EVENTS_VERSION, seq: 0, time, type, ...body } as unknown as RunEvent;
}

/** The first shard's, as if its command had not named a shard. */
function headerOf(shards: readonly ShardRun[], runId: string): EventBodies["run-started"] {
  const runs = shards.map(({ result }) => result.run);
  const { startedAt: _, ms: __, shard: ___, plan: ____, ...first } = runs[0]!;
  const all = (what: "locks" | "scenarios") =>
    Object.assign({}, ...runs.map((run) => run[what] ?? {})) as Record<string, string>;
  return {
    ...first,
    runId,
    argv: withoutSharding(first.argv),
    ...(runs.some((run) => run.locks !== undefined) && { locks: all("locks") }),
    ...(runs.some((run) => run.scenarios !== undefined) && { scenarios: all("scenarios") }),
  };
}

function withoutSharding(argv: readonly string[]): string[] {
  const isOption = (word = "") => /^--(shard|plan)$/.test(word);
  return argv.filter(
    (word, i) => !isOption(word) && !isOption(argv[i - 1]) && !/^--(shard|plan)=/.test(word),
  );
}

/** In the order of the whole plan, where the shards know it. */
function plannedCells(shards: readonly ShardRun[]): PlannedCell[] {
  return shards
    .flatMap(({ events }) => events)
    .flatMap((each) => (each.type === "planned" ? each.cells : []))
    .sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
    .map(({ position: _, ...cell }) => cell);
}

/** A host that several shards prepared is shown once, as the shard that took longest saw it. */
function preparations(shards: readonly ShardRun[], cells: readonly PlannedCell[]): RunEvent[] {
  const hosts = [...new Set(cells.map(({ host }) => host))];
  const rank = (scope: string) => {
    const at = hosts.indexOf(scope.replace(/^[^:]*:/, ""));
    return at === -1 ? hosts.length : at;
  };
  const scopes = new Set(
    shards.flatMap(({ result }) => result.preparations.map(({ scope }) => scope)),
  );
  return [...scopes]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((scope) => {
      const spent = ({ result }: ShardRun) =>
        result.preparations.reduce((sum, each) => sum + (each.scope === scope ? each.ms : 0), 0);
      const longest = shards.reduce((a, b) => (spent(b) > spent(a) ? b : a));
      return longest.events.filter((each) => "scope" in each && each.scope === scope);
    });
}

/** Reports say once a run what machine it ran on; cells of another one say it themselves. */
function machineFacts({ result }: ShardRun, header: EventBodies["run-started"], time: string) {
  const { accel, qemu, timeFactor } = result.run;
  const facts: Facts = {
    ...(accel !== header.accel && { accel }),
    ...(qemu !== header.qemu && { qemu_version: qemu }),
    ...(timeFactor !== header.timeFactor && { time_factor: String(timeFactor) }),
  };
  if (Object.keys(facts).length === 0) return [];
  return result.cells
    .filter(({ attempts }) => attempts.length > 0)
    .map(({ id }) => event("facts", { cell: id, facts }, time));
}

function isOfCell(each: RunEvent, { result }: ShardRun): boolean {
  if ("cell" in each) return true;
  return "scope" in each && !result.preparations.some(({ scope }) => scope === each.scope);
}

/** Its cells do not explain why it ended as it did: a full disk, a report that was not written. */
function hadTrouble({ exitCode: code, cells }: RunResult): boolean {
  return code === exitCode("error") && exitCodeOf(cells.map(({ status }) => status)) !== code;
}
