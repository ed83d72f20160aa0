import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { failureOf, messageOf } from "../base/error.ts";
import type { EventBus } from "../events/bus.ts";
import type { EvidenceItem, PlannedCell } from "../events/schema.ts";
import { evidenceText } from "../known/evidence-text.ts";
import { diagnose } from "../verdict/diagnose.ts";
import { consoleTail } from "./console-tail.ts";
import { keepItem } from "./evidence-item.ts";
import { templateLogs } from "./prepare.ts";
import { cellFolder } from "./run-directory.ts";

/** Ends a cell one of whose hosts could not be prepared, with what is known of that one's boot. */
export async function endUnprepared(
  cell: PlannedCell,
  host: string,
  error: unknown,
  { bus, runPath }: { bus: EventBus; runPath: string },
): Promise<void> {
  bus.emit("cell-started", { cell: cell.id, attempt: 1 });
  const logs = templateLogs(runPath, host);
  const directory = join(runPath, "cells", cellFolder(cell.id), "attempt-1");
  // A copy for each cell: shards that are merged share the names of their hosts' folders.
  const names = (await readdir(logs).catch(() => [])).sort();
  const items: EvidenceItem[] = [];
  try {
    for (const name of names) {
      await mkdir(directory, { recursive: true });
      const kept = name === "serial.log" ? "boot-serial.log" : name;
      const path = join(directory, kept);
      await copyFile(join(logs, name), path);
      const item = await keepItem({ bus, cell, attempt: 1, runPath }, kindOf(kept), path);
      if (item) items.push(item);
    }
  } catch (problem) {
    const text = `evidence of the boot is missing: ${messageOf(problem)}`;
    bus.emit("comment", { cell: cell.id, text });
  }
  const { message: reason, ...rest } = failureOf(error);
  const verdict = { status: "error" as const, reason, ...rest };
  const diagnosis = await diagnose(verdict, evidenceText(runPath, items)).catch(() => undefined);
  const excerpt = await consoleTail(join(directory, "boot-serial.log"));
  bus.emit("cell-ended", {
    cell: cell.id,
    attempt: 1,
    ...verdict,
    ...(diagnosis && { diagnosis: diagnosis.sentence }),
    ms: 0,
    ...(excerpt.length > 0 && { excerpt }),
  });
}

/** `qemu-command` of `qemu-command.txt`. */
function kindOf(file: string): string {
  return file.replace(/\.\w+$/, "");
}
