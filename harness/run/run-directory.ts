import { randomBytes } from "node:crypto";
import { mkdir, rename, symlink } from "node:fs/promises";
import { join } from "node:path";
import { RunDirectoryUnusable } from "./errors.ts";

export interface RunDirectory {
  /** E.g. `20261122-231502-3fa9`. */
  id: string;
  path: string;
}

/** Makes `<runs>/<id>/` and points the link `latest` at it. */
export async function createRunDirectory(runs: string, now = new Date()): Promise<RunDirectory> {
  const stamp = now.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  const id = `${stamp}-${randomBytes(2).toString("hex")}`;
  const path = join(runs, id);
  try {
    await mkdir(path, { recursive: true });
    // Replaced by a rename: two runs at once each leave a whole link.
    const link = join(runs, `.latest-${id}`);
    await symlink(id, link);
    await rename(link, join(runs, "latest"));
  } catch (error) {
    throw new RunDirectoryUnusable(runs, error);
  }
  return { id, path };
}

/** A cell's folder: its id with nothing in it that a shell or a web server minds. */
export function cellFolder(cell: string): string {
  return cell.replace(/[^A-Za-z0-9._=-]+/g, "_").replace(/_+$/, "");
}
