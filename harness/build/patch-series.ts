import { mkdir, readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { messageOf } from "../base/error.ts";
import { runTool } from "../base/process.ts";
import { PatchUnreadable } from "./errors.ts";

/** One change, as it is applied. */
export interface Patch {
  /** For people: its subject, or the name of its file. */
  title: string;
  /** Unified diff. */
  text: string;
}

const TIMEOUT_MS = 60_000;
const FETCH_TIMEOUT_MS = 60_000;
const LARGEST_BYTES = 16 * 2 ** 20;
const MBOX = /^From \S+ .*\d{4}\r?$/m;
const MAIL =
  /^(?:From|Subject|Date|Message-I[Dd]|Received|Return-Path|Content-Type|MIME-Version): /;
const DIFF = /^(?:diff --git |--- \S+.*\r?\n\+\+\+ )/m;
const TITLE_CHARACTERS = 100;

/**
 * The patches of files, in their order: diffs, mails, mailboxes, or the URL of one of these.
 * Mails without a diff, as cover letters are, count as nothing.
 * @throws PatchUnreadable
 */
export async function loadPatches(files: readonly string[], scratch: string): Promise<Patch[]> {
  const patches: Patch[] = [];
  for (const [index, file] of files.entries()) {
    const folder = join(scratch, `patch-${index}`);
    await mkdir(folder, { recursive: true });
    const text = await textOf(file);
    const found = await patchesIn(file, text, folder);
    if (found.length === 0) throw new PatchUnreadable(file, "no diff is in it");
    patches.push(...found);
  }
  return patches;
}

async function textOf(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new PatchUnreadable(file, messageOf(error), error);
  }
  const url = /^https?:\/\/\S+$/.exec(text.trim())?.[0];
  return url === undefined ? text : fetched(file, url);
}

async function fetched(file: string, url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    const text = await response.text();
    if (text.length > LARGEST_BYTES) throw new Error("it is larger than 16 MiB");
    return text;
  } catch (error) {
    throw new PatchUnreadable(
      file,
      `what its URL names cannot be read: ${messageOf(error)}`,
      error,
    );
  }
}

async function patchesIn(file: string, text: string, folder: string): Promise<Patch[]> {
  const isMbox = MBOX.exec(text)?.index === 0;
  if (!isMbox && !MAIL.test(text)) {
    return DIFF.test(text) ? [{ title: basename(file), text }] : [];
  }
  const patches: Patch[] = [];
  try {
    // git undoes what mail does to a patch: encodings, folded headers, carriage returns.
    const split = ["git", "mailsplit", ...(isMbox ? [] : ["-b"]), `-o${folder}`];
    await runTool(split, { input: text, timeoutMs: TIMEOUT_MS });
    const mails = (await readdir(folder)).filter((name) => /^\d+$/.test(name)).sort();
    for (const mail of mails) {
      const path = join(folder, mail);
      const argv = ["git", "mailinfo", `${path}.message`, `${path}.patch`];
      const info = await runTool(argv, { input: await readFile(path), timeoutMs: TIMEOUT_MS });
      const diff = await readFile(`${path}.patch`, "utf8");
      const subject = /^Subject: (.+)$/m.exec(info.stdout)?.[1]?.slice(0, TITLE_CHARACTERS);
      if (DIFF.test(diff)) patches.push({ title: subject ?? basename(file), text: diff });
    }
  } catch (error) {
    throw new PatchUnreadable(file, messageOf(error), error);
  }
  return patches;
}

/** Paths that a diff names, old and new, without the first folder (`a/`, `b/`). */
export function touchedPaths(text: string): string[] {
  const paths = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const named =
      /^(?:---|\+\+\+) [^/\s]+\/([^\t]+)/.exec(line)?.[1] ??
      /^(?:rename|copy) (?:from|to) (.+)$/.exec(line)?.[1];
    if (named !== undefined) paths.add(named.trim());
  }
  return [...paths].sort();
}
