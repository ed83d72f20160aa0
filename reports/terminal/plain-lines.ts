import type { RunResult } from "../../harness/events/result.ts";
import type { RunEvent } from "../../harness/events/schema.ts";
import type { Reporter, ReporterOptions } from "../reporter.ts";
import { Narrator } from "./narrator.ts";
import { Progress } from "./progress.ts";
import { painter } from "./style.ts";
import { summary } from "./summary.ts";

/** Appends a line for each event of interest, and a sign of life when nothing happens for long. */
export function createPlainLines(options: ReporterOptions): Reporter {
  const { stdout, shownDir, shownFiles, now, heartbeatMs } = options;
  const paint = painter(options);
  const narrator = new Narrator({ paint, shownDir, brief: false });
  const progress = new Progress();
  let heart: NodeJS.Timeout | undefined;

  const print = (lines: readonly string[]) => {
    for (const line of lines) stdout.write(`${line}\n`);
  };

  return {
    printsToTerminal: true,
    onEvent(event: RunEvent) {
      progress.add(event);
      print(narrator.lines(event));
      // Some CI systems kill a job that is silent; unref, for the run must not wait for it.
      heart ??= setInterval(() => print([progress.heartbeat(now())]), heartbeatMs).unref();
    },
    finish(result: RunResult) {
      clearInterval(heart);
      print(summary(result, shownFiles, paint));
    },
  };
}
