import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { messageOf } from "../base/error.ts";
import { PatchUnreadable } from "./errors.ts";

const FETCH_TIMEOUT_MS = 60_000;
const LARGEST_BYTES = 16 * 2 ** 20;
const TOO_LARGE = "it is larger than 16 MiB";

export function isUrl(word: string): boolean {
  return /^https?:\/\/\S+$/.test(word);
}

/**
 * What a file or a URL holds, or what the URL names that a file holds; unpacked, as archives of
 * mailing lists give mailboxes away compressed.
 * @throws PatchUnreadable
 */
export async function patchBytes(word: string): Promise<Buffer> {
  if (isUrl(word)) return unpacked(word, await fetched(word, word));
  const bytes = await readFile(word).catch((error: unknown) => {
    throw new PatchUnreadable(word, whyUnread(error), error);
  });
  const url = bytes.toString("utf8").trim();
  return unpacked(word, isUrl(url) ? await fetched(word, url) : bytes);
}

function whyUnread(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "it is not there";
  return code === "EISDIR" ? "it is a folder: name its files" : messageOf(error);
}

async function fetched(word: string, url: string): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += part.length;
      if (bytes > LARGEST_BYTES) throw new Error(TOO_LARGE);
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (error) {
    // "fetch failed" says nothing; what it says it of does.
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const why = `what its URL names cannot be read: ${messageOf(cause)}`;
    throw new PatchUnreadable(word, why, error);
  }
}

async function unpacked(word: string, bytes: Buffer): Promise<Buffer> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: LARGEST_BYTES });
  } catch (error) {
    throw new PatchUnreadable(word, `it cannot be unpacked: ${messageOf(error)}`, error);
  }
}
