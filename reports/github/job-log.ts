import { randomUUID } from "node:crypto";
import { appendFile, stat } from "node:fs/promises";
import { plainText } from "../text.ts";
import type { Annotation } from "./client.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** GitHub shows no more of either in one step. */
const ANNOTATIONS = 10;
const SUMMARY_BYTES = 1024 * 1024;

export function isJob(env: Env): boolean {
  return env["GITHUB_ACTIONS"] === "true";
}

/**
 * Lines around output of any origin: between them GitHub takes no line for a command, such as one
 * that hides text or makes an annotation.
 */
export function quietLines(): { from: string; to: string } {
  const token = randomUUID();
  return { from: `::stop-commands::${token}\n`, to: `::${token}::\n` };
}

/** Commands that make annotations of the step. */
export function annotationCommands(annotations: readonly Annotation[]): string {
  const lines = annotations.map(({ annotation_level: level, title, message }) => {
    const word = level === "failure" ? "error" : level;
    return `::${word} title=${property(title)}::${data(message)}\n`;
  });
  return lines.slice(0, ANNOTATIONS).join("");
}

export function warningCommand(text: string): string {
  return `::warning title=xenloop::${data(text)}\n`;
}

/**
 * Adds Markdown to the summary of the job's step: the longest text that still fits.
 * @returns false where there is no such summary, or no room in it
 */
export async function addToSummary(env: Env, texts: readonly string[]): Promise<boolean> {
  const path = env["GITHUB_STEP_SUMMARY"];
  if (!path) return false;
  const used = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  const text = texts.find((each) => Buffer.byteLength(each) + 2 <= SUMMARY_BYTES - used);
  if (text === undefined) return false;
  await appendFile(path, `${text}\n\n`);
  return true;
}

function data(text: string): string {
  return plainText(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
