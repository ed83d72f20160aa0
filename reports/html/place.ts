import { posix, relative, sep } from "node:path";
import type { CellResult } from "../../harness/events/result.ts";

/** What the parts of the page must know of the whole. */
export interface PagePlace {
  /** Path from the page's directory to the run's, with forward slashes; empty when it is the same. */
  toRun: string;
  /** Anchor of each cell, by id. */
  anchors: ReadonlyMap<string, string>;
}

export function placeOf(
  cells: readonly CellResult[],
  pageDirectory: string,
  runDirectory: string,
): PagePlace {
  const toRun = relative(pageDirectory, runDirectory).split(sep).join("/");
  return { toRun, anchors: new Map(cells.map(({ id }, at) => [id, `cell-${at + 1}`])) };
}

/**
 * Address of a file of the run, relative to the page. Undefined for a path that leads out of the
 * run: the result may come from another machine.
 */
export function evidenceHref(path: string, { toRun }: PagePlace): string | undefined {
  const inRun = posix.normalize(path);
  if (posix.isAbsolute(inRun) || inRun.split("/")[0] === ".." || /[\0\\]/.test(path)) {
    return undefined;
  }
  const whole = posix.join(toRun, inRun);
  try {
    // The dot keeps a colon in the first name from being read as a protocol.
    return `./${whole.split("/").map(encodeURIComponent).join("/")}`;
  } catch {
    // Half a surrogate pair has no address.
    return undefined;
  }
}
