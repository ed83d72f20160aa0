import { open } from "node:fs/promises";
import { join } from "node:path";
import type { EvidenceItem } from "../events/schema.ts";
import { ownPart } from "../host/clone-mark.ts";

/** Of a longer file only the end is looked at: what broke a cell is said last. */
const MAX_BYTES = 2 * 1024 * 1024;

/** Reads evidence by kind. */
export function evidenceText(
  runPath: string,
  items: readonly EvidenceItem[],
): (kind: string) => Promise<string> {
  return async (kind) => {
    const paths = items.filter((item) => item.kind === kind).map(({ path }) => join(runPath, path));
    return (await Promise.all(paths.map(lastPart))).map(ownPart).join("\n");
  };
}

async function lastPart(path: string): Promise<string> {
  // Evidence may have been thrown away since; what is gone matches nothing.
  const file = await open(path).catch(() => undefined);
  if (!file) return "";
  try {
    const { size } = await file.stat();
    const length = Math.min(size, MAX_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
