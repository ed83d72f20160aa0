import { join } from "node:path";
import { runTool } from "../base/process.ts";
import type { ChangesSince, HistoryMoment, HistoryOfCell } from "../events/history.ts";
import type { RunHeader } from "../events/result.ts";
import { diffLocks } from "../image/lock-diff.ts";
import { readLock, type HostLock } from "../image/lock-file.ts";
import { lockInputPath } from "../run/run-inputs.ts";

const GIT_TIMEOUT_MS = 20_000;
const COMMITS = 20;

export interface ChangesOptions {
  /** Directory in which each run has its own. */
  runs: string;
  /** The checkout. */
  root: string;
  /** The run that is compared, and its directory. */
  run: Pick<RunHeader, "commit" | "locks" | "scenarios">;
  directory: string;
}

/** What differs from the runs in which cells were last good that are red now, by such run. */
export async function changesSince(
  red: readonly HistoryOfCell[],
  options: ChangesOptions,
): Promise<ChangesSince[]> {
  const groups = new Map<string, HistoryOfCell[]>();
  for (const cell of red) {
    const run = cell.lastGood?.run;
    if (run !== undefined) groups.set(run, [...(groups.get(run) ?? []), cell]);
  }
  return Promise.all([...groups.values()].map((cells) => changesOf(cells, options)));
}

async function changesOf(
  cells: readonly HistoryOfCell[],
  options: ChangesOptions,
): Promise<ChangesSince> {
  const { run, at, commit } = cells[0]!.lastGood!;
  const packages: Record<string, string[]> = {};
  const unknownLocks: string[] = [];
  const scenarios = new Set<string>();
  for (const { cell, lastGood } of cells) {
    const { scenario, host } = placeOf(cell);
    if (differs(lastGood?.code, options.run.scenarios?.[scenario])) scenarios.add(scenario);
    if (packages[host] || !differs(lastGood?.lock, options.run.locks?.[host])) continue;
    const moved = await packagesMoved(host, lastGood!, options);
    if (moved) packages[host] = moved;
    else if (!unknownLocks.includes(host)) unknownLocks.push(host);
  }
  const commits = await commitsBetween(options.root, commit, options.run.commit);
  return {
    run,
    at,
    cells: cells.map(({ cell }) => cell),
    packages,
    unknownLocks,
    commits,
    scenarios: [...scenarios],
  };
}

function placeOf(cell: string): { scenario: string; host: string } {
  const [, scenario = cell, host = ""] = /^([^[]*)\[([^,\]]*)/.exec(cell) ?? [];
  return { scenario, host };
}

function differs(before: string | undefined, now: string | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
}

async function packagesMoved(
  host: string,
  { run }: HistoryMoment,
  { runs, directory }: ChangesOptions,
): Promise<string[] | undefined> {
  const [before, now] = await Promise.all([lockOf(join(runs, run), host), lockOf(directory, host)]);
  if (!before || !now) return undefined;
  const { roles, changes } = diffLocks(before, now);
  return [...Object.values(roles), ...changes]
    .filter(({ before, after }) => before?.sha256 !== after?.sha256)
    .map(({ name, before, after }) => {
      return `${name} ${before?.version ?? "(none)"} → ${after?.version ?? "(none)"}`;
    });
}

function lockOf(directory: string, host: string): Promise<HostLock | undefined> {
  return readLock(lockInputPath(directory, host)).catch(() => undefined);
}

/** Empty when one of them is not known to this checkout. */
async function commitsBetween(
  root: string,
  before: string | undefined,
  now: string | undefined,
): Promise<string[]> {
  const [from, to] = [before, now].map((commit) => /^[0-9a-f]{40}/.exec(commit ?? "")?.[0]);
  if (from === undefined || to === undefined || from === to) return [];
  const argv = ["git", "log", "--oneline", "--no-decorate", `--max-count=${COMMITS}`];
  const asked = await runTool([...argv, `${from}..${to}`, "--"], {
    cwd: root,
    env: { GIT_OPTIONAL_LOCKS: "0" },
    timeoutMs: GIT_TIMEOUT_MS,
  }).catch(() => undefined);
  return asked?.stdout.split("\n").filter(Boolean) ?? [];
}
