import { relative, dirname } from "node:path";
import { runTool } from "../base/process.ts";

export interface BackingDisk {
  path: string;
  format: "raw" | "qcow2";
  /** Names it relative to the overlay. */
  relative?: boolean;
}

/** A qcow2 that takes the writes over a disk that stays as it is. */
export async function createOverlay(path: string, backing: BackingDisk): Promise<void> {
  const target = backing.relative ? relative(dirname(path), backing.path) : backing.path;
  await runTool(
    ["qemu-img", "create", "-q", "-f", "qcow2", "-b", target, "-F", backing.format, path],
    { timeoutMs: 30_000 },
  );
}
