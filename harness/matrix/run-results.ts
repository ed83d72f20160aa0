import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { recordedRun } from "../events/recorded-run.ts";
import { RESULT_VERSION, type CellResult, type RunResult } from "../events/result.ts";
import { isRed } from "../events/status.ts";
import { NothingFailed, ResultUnreadable, RunNotFound } from "./errors.ts";

const RESULT = "result.json";
const EVENTS = "events.jsonl";
/** Runs named by a hint. */
const SHOWN_RUNS = 3;

export interface RunPlace {
  /** Directory in which each run has its own. */
  runs: string;
  cwd: string;
}

/** The cells of a run that neither passed nor were skipped; a killed run's open ones among them. */
export async function failedCells(wanted: string, place: RunPlace): Promise<CellResult[]> {
  const { cells } = await readRun(await findRun(wanted, place));
  const failed = cells.filter(({ status }) => isRed(status));
  if (failed.length === 0) throw new NothingFailed(wanted);
  return failed;
}

/**
 * The directory of a run.
 * @param wanted its name below `runs`, `latest`, or a path
 * @throws RunNotFound
 */
export async function findRun(wanted: string, { runs, cwd }: RunPlace): Promise<string> {
  const found = [join(runs, wanted), resolve(cwd, wanted)].find(isRun);
  if (found !== undefined) return found;
  throw new RunNotFound(wanted, runs, (await runNames(runs)).slice(0, SHOWN_RUNS));
}

/** The results of the newest runs that have one, newest first; what cannot be read is left out. */
export async function recentResults(runs: string, limit: number): Promise<RunResult[]> {
  const results: RunResult[] = [];
  for (const name of await runNames(runs)) {
    if (results.length === limit) break;
    const result = await readResult(join(runs, name, RESULT)).catch(() => undefined);
    if (result !== undefined) results.push(result);
  }
  return results.sort((a, b) => (a.run.startedAt < b.run.startedAt ? 1 : -1));
}

function isRun(directory: string): boolean {
  return [RESULT, EVENTS].some((file) => existsSync(join(directory, file)));
}

/** A run that was killed has no result.json; its events tell as much. */
async function readRun(directory: string): Promise<RunResult> {
  const path = join(directory, RESULT);
  return existsSync(path) ? readResult(path) : recordedRun(directory);
}

async function readResult(path: string): Promise<RunResult> {
  try {
    const result = JSON.parse(await readFile(path, "utf8")) as RunResult;
    if (result.version > RESULT_VERSION || !Array.isArray(result.cells)) {
      throw new TypeError(`it is of version ${String(result.version)}, not ${RESULT_VERSION}`);
    }
    return result;
  } catch (error) {
    throw new ResultUnreadable(path, error);
  }
}

/** Names begin with the time, so the last by name is the newest. */
async function runNames(runs: string): Promise<string[]> {
  const entries = await readdir(runs, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && isRun(join(runs, entry.name)))
    .map(({ name }) => name)
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
}
