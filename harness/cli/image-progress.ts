import { formatBytes } from "../config/bytes.ts";
import type { ImageContext } from "../image/host-rootfs.ts";
import type { CliContext } from "./context.ts";

const REDRAW_MS = 250;
const BAR_CELLS = 24;

type Progress = Required<Pick<ImageContext, "phase" | "warn" | "onProgress">> & Disposable;

/**
 * Says on standard error what a build does: a line for each phase, on a terminal with the
 * time it has taken so far and a bar where bytes are counted.
 */
export function imageProgress({ stderr }: Pick<CliContext, "stderr">, host: string): Progress {
  const live = stderr.isTTY === true;
  let current: { name: string; since: number; bar: string } | undefined;
  const clear = () => live && stderr.write("\r\x1b[K");
  const draw = () => {
    if (!current) return;
    const { name, since, bar } = current;
    stderr.write(`\r\x1b[K${host}: ${name} … ${seconds(since)}${bar}`);
  };
  const timer = live ? setInterval(draw, REDRAW_MS) : undefined;
  return {
    phase(name) {
      const since = performance.now();
      current = { name, since, bar: "" };
      if (live) draw();
      else stderr.write(`${host}: ${name} …\n`);
      return (detail) => {
        clear();
        current = undefined;
        stderr.write(`${host}: ${name} ${seconds(since)}${detail ? ` (${detail})` : ""}\n`);
      };
    },
    warn(message) {
      clear();
      stderr.write(`warning: ${message}\n`);
    },
    onProgress(done, total) {
      if (current) current.bar = `  ${bar(done, total)}`;
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      if (current) clear();
    },
  };
}

/** `[######------]  54 MiB of 170 MiB`; apt's own files may take it a little over. */
export function bar(done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * BAR_CELLS);
  const cells = "#".repeat(filled) + "-".repeat(BAR_CELLS - filled);
  return `[${cells}]  ${formatBytes(Math.min(done, total))} of ${formatBytes(total)}`;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
