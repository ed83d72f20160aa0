import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  ReporterConflict,
  ReporterPathMissing,
  ReporterTakesNoPath,
  UnknownReporter,
} from "./errors.ts";
import type { ReporterDefinition } from "./reporter.ts";

const REPORTERS = new URL("./reporters/", import.meta.url);

/** A reporter that was asked for; `path` is as typed. */
export interface ReporterChoice {
  definition: ReporterDefinition;
  path?: string;
}

/** All reporters, by name: the files in reports/reporters/. */
export async function loadReporters(): Promise<ReporterDefinition[]> {
  const files = readdirSync(REPORTERS).filter((file) => file.endsWith(".ts"));
  const modules = files.sort().map(async (file) => {
    const module = (await import(new URL(file, REPORTERS).href)) as { default: ReporterDefinition };
    return module.default;
  });
  return Promise.all(modules);
}

/**
 * Reads `list,junit=PATH,json`. A path cannot hold a comma.
 *
 * @throws UnknownReporter, ReporterPathMissing, ReporterTakesNoPath or ReporterConflict
 */
export function parseReporterSpec(
  text: string,
  known: readonly ReporterDefinition[],
): ReporterChoice[] {
  const choices = text.split(",").map((word) => parseChoice(word.trim(), known));
  refuseConflicts(choices);
  return choices;
}

/** Where a report goes: an absolute path, or undefined for the terminal. */
export function targetOf(
  { definition, path }: ReporterChoice,
  place: { runDir: string; cwd: string },
): string | undefined {
  if (path !== undefined) return resolve(place.cwd, path);
  if (definition.defaultPath === undefined) return undefined;
  return resolve(place.cwd, place.runDir, definition.defaultPath);
}

function parseChoice(word: string, known: readonly ReporterDefinition[]): ReporterChoice {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word : word.slice(0, equals);
  const definition = known.find((candidate) => candidate.name === name);
  if (!definition) {
    throw new UnknownReporter(
      name,
      known.map((candidate) => candidate.name),
    );
  }
  const path = equals < 0 ? undefined : word.slice(equals + 1);
  if (path === "" || (path === undefined && definition.takesPath === "required")) {
    throw new ReporterPathMissing(name);
  }
  if (path !== undefined && definition.takesPath === "none") {
    throw new ReporterTakesNoPath(name, path);
  }
  return path === undefined ? { definition } : { definition, path };
}

function refuseConflicts(choices: readonly ReporterChoice[]): void {
  const takenBy = new Map<string, string>();
  for (const choice of choices) {
    // "<run>" cannot be typed by accident; the run directory is not known yet.
    const place = targetOf(choice, { runDir: join("/", "<run>"), cwd: "/" }) ?? "the terminal";
    const { name } = choice.definition;
    const other = takenBy.get(place);
    if (other !== undefined) throw new ReporterConflict(other, name, choice.path ?? "the terminal");
    takenBy.set(place, name);
  }
}
