import { createLogUpdate } from "log-update";
import type { RunResult } from "../../harness/events/result.ts";
import type { RunEvent } from "../../harness/events/schema.ts";
import type { Reporter, ReporterOptions } from "../reporter.ts";
import { Narrator } from "./narrator.ts";
import { Progress } from "./progress.ts";
import { painter } from "./style.ts";
import { summary } from "./summary.ts";

const REPAINT_MS = 100;
/** The frame is kept below this when the terminal does not tell its height. */
const DEFAULT_ROWS = 24;

/**
 * What is over scrolls up and stays; below it one line each for what is prepared,
 * runs or waits is painted over and over.
 */
export function createLiveList(options: ReporterOptions): Reporter {
  const { stdout, shownDir, shownFiles, now } = options;
  const paint = painter(options);
  const narrator = new Narrator({ paint, shownDir, brief: true });
  const progress = new Progress();
  const frame = createLogUpdate(stdout);
  let timer: NodeJS.Timeout | undefined;

  const repaint = () => {
    const room = (stdout.rows ?? DEFAULT_ROWS) - 2;
    frame(progress.rows(now(), paint, room).join("\n"));
  };
  const print = (lines: readonly string[]) => {
    frame.clear();
    stdout.write(`${lines.join("\n")}\n`);
  };

  return {
    printsToTerminal: true,
    onEvent(event: RunEvent) {
      timer ??= setInterval(repaint, REPAINT_MS).unref();
      progress.add(event);
      const lines = narrator.lines(event);
      if (lines.length > 0) print(lines);
      repaint();
    },
    finish(result: RunResult) {
      clearInterval(timer);
      print(summary(result, shownFiles, paint));
      frame.done();
    },
  };
}
