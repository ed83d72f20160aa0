import { join } from "node:path";
import { readEvents } from "./reader.ts";
import { reduce } from "./reduce.ts";
import type { RunResult } from "./result.ts";

/** The result of a run, from the events in its directory. @throws as `readEvents` and `reduce` do */
export function recordedRun(directory: string): RunResult {
  return reduce(readEvents(join(directory, "events.jsonl")).events);
}
