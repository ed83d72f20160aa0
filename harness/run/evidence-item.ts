import { stat } from "node:fs/promises";
import { relative } from "node:path";
import type { EventBus } from "../events/bus.ts";
import type { EvidenceItem, PlannedCell } from "../events/schema.ts";

/** Whose evidence it is. */
export interface EvidenceOwner {
  bus: EventBus;
  cell: PlannedCell;
  attempt: number;
  runPath: string;
}

/** Lists a file as evidence, unless it is missing or empty. */
export async function keepItem(
  { bus, cell, attempt, runPath }: EvidenceOwner,
  kind: string,
  path: string,
): Promise<EvidenceItem | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (!info || info.size === 0) return undefined;
  const item = { kind, path: relative(runPath, path), bytes: info.size };
  bus.emit("evidence", { cell: cell.id, attempt, item });
  return item;
}
