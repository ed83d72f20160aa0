import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf } from "../base/error.ts";
import { nearest } from "../base/nearest.ts";
import { REPO_ROOT } from "../base/repo-paths.ts";
import { VersionRangeInvalid } from "../plan/errors.ts";
import { checkMeta } from "../plan/scenario-meta.ts";
import type { Scenario } from "../plan/scenario-registry.ts";
import { parseVersionRange } from "../plan/version-range.ts";
import type { KnownIssueDefinition } from "../scenario/index.ts";
import type { KnownIssue } from "../spec/known-issue.ts";
import { KnownIssueInvalid, KnownIssueUnknown } from "./errors.ts";

/** Where the project keeps them: one file each. */
export const KNOWN_ISSUES = join(REPO_ROOT, "scenarios/known-issues");

export interface KnownIssueFile {
  issue: KnownIssue;
  /** Absolute path. */
  file: string;
  /** The reproducer, as a scenario. */
  scenario?: Scenario;
}

/** Every file of the directory, by id. @throws {KnownIssueInvalid} */
export async function loadKnownIssues(directory = KNOWN_ISSUES): Promise<KnownIssueFile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".ts")).sort();
  const files = await Promise.all(names.map((name) => readKnownIssue(join(directory, name))));
  const seen = new Set<string>();
  for (const { issue, file } of files) {
    if (seen.has(issue.id)) throw new KnownIssueInvalid(file, `${issue.id} is another file's id`);
    seen.add(issue.id);
  }
  return files;
}

/** @throws {KnownIssueUnknown} */
export function findKnownIssue(files: readonly KnownIssueFile[], id: string): KnownIssueFile {
  const found = files.find(({ issue }) => issue.id === id.toUpperCase());
  if (found) return found;
  const ids = files.map(({ issue }) => issue.id);
  throw new KnownIssueUnknown(id, nearest(id.toUpperCase(), ids));
}

async function readKnownIssue(file: string): Promise<KnownIssueFile> {
  const module = (await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw new KnownIssueInvalid(file, messageOf(error), error);
  })) as { default?: KnownIssueDefinition };
  const definition = module.default;
  if (typeof definition?.issue !== "object") {
    throw new KnownIssueInvalid(file, "its default export is not what knownIssue(…) returns");
  }
  const { issue, meta } = definition;
  const name = basename(file, ".ts");
  const wrong = [...mistakes(issue, name)];
  if (wrong.length > 0) throw new KnownIssueInvalid(file, wrong.join("; "));
  if (meta === undefined) return { issue, file };
  return { issue, file, scenario: { file, meta: checkMeta(meta, name, file) } };
}

function* mistakes(issue: KnownIssue, name: string): Generator<string> {
  if (!/^K\d\d+$/.test(issue.id)) yield `"${issue.id}" is no id such as K05`;
  else if (!name.startsWith(`${issue.id.toLowerCase()}-`)) {
    yield `the file of ${issue.id} begins with ${issue.id.toLowerCase()}-`;
  }
  for (const field of ["title", "symptom", "fix", "source"] as const) {
    if (typeof issue[field] !== "string" || issue[field].trim() === "") yield `it lacks ${field}`;
  }
  for (const [what, ranges] of Object.entries(issue.affected) as [string, string[]][]) {
    for (const range of ranges) {
      try {
        parseVersionRange(range);
      } catch (error) {
        if (!(error instanceof VersionRangeInvalid)) throw error;
        yield `affected.${what}: ${error.message}`;
      }
    }
  }
  for (const { text } of issue.fingerprint) {
    // A global pattern remembers where it matched last.
    if (text.global || text.sticky)
      yield `fingerprint ${String(text)} must not be global or sticky`;
    if (text.test("")) yield `fingerprint ${String(text)} matches everything`;
  }
  if (issue.reproducer && issue.fingerprint.length === 0) {
    yield "what can be reproduced needs a fingerprint";
  }
}
