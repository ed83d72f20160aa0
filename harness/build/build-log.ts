import { open, stat } from "node:fs/promises";

/** A build that prints more is ended, but not before it has done so. */
const MOST_BYTES = 64 * 2 ** 20;

export async function logSize(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** What a log holds from a byte on, as far as it can be looked at; nothing where there is none. */
export async function logFrom(path: string, from = 0): Promise<string> {
  const length = Math.min(Math.max(0, (await logSize(path)) - from), MOST_BYTES);
  if (length === 0) return "";
  await using file = await open(path);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, from);
  return buffer.toString("utf8", 0, bytesRead);
}
