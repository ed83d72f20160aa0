import { mkdir, readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { messageOf } from "../base/error.ts";
import { runTool } from "../base/process.ts";
import { printable } from "../base/terminal-codes.ts";
import { PatchUnreadable } from "./errors.ts";
import { inSeries, isMail, isMailbox, patchMailOf, type PatchMail } from "./mailbox.ts";
import { patchBytes } from "./patch-bytes.ts";

/** One change, as it is applied. */
export interface Patch {
  /** For people: its subject, or the name of its file. */
  title: string;
  /** Unified diff. */
  text: string;
}

const TIMEOUT_MS = 60_000;
const DIFF = /^(?:diff --git |--- \S+.*\r?\n\+\+\+ )/m;
const OWN_PATH = /^(?:---|\+\+\+) [^/\s]+\/([^\t]+)/;
const NAMES_PATH = /^(?:---|\+\+\+|diff|Index:|rename|copy)/;
const TITLE_CHARACTERS = 100;

/**
 * The patches of files, in their order: diffs, mails, mailboxes, or the URL of one of these.
 * Mails without a diff, as cover letters are, count as nothing.
 * @param files paths and URLs
 * @throws PatchUnreadable
 */
export async function loadPatches(files: readonly string[], scratch: string): Promise<Patch[]> {
  const patches: Patch[] = [];
  for (const [index, file] of files.entries()) {
    const folder = join(scratch, `patch-${index}`);
    await mkdir(folder, { recursive: true });
    const found = await patchesIn(file, await patchBytes(file), folder);
    if (found.length === 0) throw new PatchUnreadable(file, "no diff is in it");
    patches.push(...found);
  }
  return patches;
}

async function patchesIn(file: string, bytes: Buffer, folder: string): Promise<Patch[]> {
  const text = bytes.toString("utf8");
  const name = printable(basename(file));
  const isMbox = isMailbox(text);
  if (!isMbox && !isMail(text)) return DIFF.test(text) ? [{ title: name, text }] : [];
  const patches: (Patch & { mail: PatchMail })[] = [];
  try {
    // git undoes what mail does to a patch: encodings, folded headers, carriage returns.
    const split = ["git", "mailsplit", ...(isMbox ? [] : ["-b"]), `-o${folder}`];
    await runTool(split, { input: bytes, timeoutMs: TIMEOUT_MS });
    const mails = (await readdir(folder)).filter((mail) => /^\d+$/.test(mail)).sort();
    for (const mail of mails) {
      const path = join(folder, mail);
      const input = await readFile(path);
      const argv = ["git", "mailinfo", `${path}.message`, `${path}.patch`];
      const info = await runTool(argv, { input, timeoutMs: TIMEOUT_MS });
      const diff = await readFile(`${path}.patch`, "utf8");
      if (!DIFF.test(diff)) continue;
      const subject = /^Subject: (.+)$/m.exec(info.stdout)?.[1] ?? name;
      const title = printable(subject).slice(0, TITLE_CHARACTERS);
      patches.push({ title, text: diff, mail: patchMailOf(input.toString("utf8")) });
    }
  } catch (error) {
    throw new PatchUnreadable(file, messageOf(error), error);
  }
  return inSeries(patches).map(({ title, text: diff }) => ({ title, text: diff }));
}

/** How many folders `patch` takes off: none where git was told to put no `a/` and `b/` before. */
export function stripOf(text: string): 0 | 1 {
  return /^diff --git (\S+) \1\r?$/m.test(text) ? 0 : 1;
}

/** Whether a line with a path has that folder in it, however it is spelt; rather once too often. */
export function touchesFolder(text: string, folder: string): boolean {
  const named = text.split(/\r?\n/).filter((line) => NAMES_PATH.test(line));
  return named.some((line) => line.split(/[\s/"]+/).includes(folder));
}

/** Paths that a diff names, old and new, without the first folder (`a/`, `b/`). */
export function touchedPaths(text: string): string[] {
  const paths = new Set<string>();
  const own = stripOf(text) === 0 ? /^(?:---|\+\+\+) ([^/\t][^\t]*)/ : OWN_PATH;
  for (const line of text.split(/\r?\n/)) {
    const named = own.exec(line)?.[1] ?? /^(?:rename|copy) (?:from|to) (.+)$/.exec(line)?.[1];
    if (named !== undefined) paths.add(named.trim());
  }
  return [...paths].sort();
}
