import { appendFile, mkdir, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withFileLock } from "../base/file-lock.ts";
import { HistoryUnreadable, HistoryUnwritable } from "./errors.ts";
import { CELL_STATUSES } from "../events/status.ts";
import { HISTORY_VERSION, type HistoryRecord } from "./record.ts";

/** Where the runs of a directory are remembered, after they themselves were cleaned away. */
export function historyPath(runs: string): string {
  return join(runs, "history.jsonl");
}

/**
 * All records, the oldest run first. A line that a crash cut off, or that a newer version wrote,
 * is left out; a missing file is an empty history.
 * @throws HistoryUnreadable
 */
export async function readHistory(path: string): Promise<HistoryRecord[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new HistoryUnreadable(path, error);
  }
  const records = text.split("\n").flatMap((line) => parseRecord(line) ?? []);
  return records.sort((a, b) => a.at.localeCompare(b.at));
}

/**
 * Appends the records that are not there yet: a cell of a run is remembered once, so shards,
 * merged runs and other machines' files can be added in any order, and again.
 * @returns how many were new
 * @throws HistoryUnwritable
 */
export async function addToHistory(
  path: string,
  records: readonly HistoryRecord[],
): Promise<number> {
  try {
    return await withFileLock(path, async () => {
      const seen = new Set((await readHistory(path)).map(keyOf));
      const fresh = records.filter((record) => {
        const key = keyOf(record);
        return !seen.has(key) && seen.add(key);
      });
      if (fresh.length === 0) return 0;
      await mkdir(dirname(path), { recursive: true });
      const torn = (await endsMidLine(path)) ? "\n" : "";
      await appendFile(path, `${torn}${fresh.map((each) => JSON.stringify(each)).join("\n")}\n`);
      return fresh.length;
    });
  } catch (error) {
    if (error instanceof HistoryUnreadable) throw error;
    throw new HistoryUnwritable(path, error);
  }
}

function keyOf({ run, cell }: HistoryRecord): string {
  return `${run} ${cell}`;
}

function parseRecord(line: string): HistoryRecord | undefined {
  try {
    const record = JSON.parse(line) as HistoryRecord;
    const { v, run, at, cell, status, versions = {} } = record;
    const isWhole =
      CELL_STATUSES.includes(status) && [run, at, cell].every((field) => typeof field === "string");
    if (typeof v !== "number" || v > HISTORY_VERSION || !isWhole) return undefined;
    return { ...record, versions, attempts: record.attempts ?? [], figures: record.figures ?? {} };
  } catch {
    return undefined;
  }
}

async function endsMidLine(path: string): Promise<boolean> {
  const file = await open(path, "r").catch(() => undefined);
  if (!file) return false;
  try {
    const { size } = await file.stat();
    if (size === 0) return false;
    const last = Buffer.alloc(1);
    await file.read(last, 0, 1, size - 1);
    return last.toString() !== "\n";
  } finally {
    await file.close();
  }
}
