import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { openDirectories } from "../base/open-files.ts";

/** As createRunDirectory() names them; nothing else in the directory is ours. */
const RUN_ID = /^\d{8}-\d{6}-[0-9a-f]{4}$/;

export interface PastRun {
  id: string;
  path: string;
  /** Some process still writes it, or looks at it. */
  inUse: boolean;
}

/** The runs in a directory, which must be free of symbolic links; the oldest first. */
export async function pastRuns(directory: string): Promise<PastRun[]> {
  const ids = (await readdir(directory)).filter((name) => RUN_ID.test(name)).sort();
  const paths = ids.map((id) => join(directory, id));
  const open = await openDirectories(paths);
  return ids.map((id, at) => ({ id, path: paths[at]!, inUse: open.has(paths[at]!) }));
}
