import { join } from "node:path";
import type { PlannedCell } from "../events/schema.ts";
import type { CellRunOptions } from "./cell-runner.ts";
import { PAIR_NAMES } from "./pair-ends.ts";
import { cellFolder } from "./run-directory.ts";

export function isPair({ hosts = 1 }: PlannedCell): boolean {
  return hosts > 1;
}

/** Below the folder of a cell, where the logs of each of its hosts are. */
export function hostFolders(cell: PlannedCell): readonly string[] {
  return isPair(cell) ? PAIR_NAMES : ["."];
}

/** Where the disk of one of a cell's hosts grows. */
export function diskDirectory(options: CellRunOptions, hostname: string): string {
  const { cell, attempt, workspace } = options;
  return join(workspace.path, `${cellFolder(cell.id)}-${attempt}`, hostname);
}
