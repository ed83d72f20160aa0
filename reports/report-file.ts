import { mkdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ReportUnwritable } from "./errors.ts";

/**
 * Writes a report so that a reader sees the old file or the whole new one. Missing
 * directories are made; a device or pipe such as /dev/stdout is written to directly.
 */
export async function writeReport(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const existing = await stat(path).catch(() => undefined);
    if (existing && !existing.isFile()) await writeFile(path, text);
    else await replaceFile(existing ? await realpath(path) : path, text);
  } catch (error) {
    throw new ReportUnwritable(path, error);
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, text);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
