import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf } from "../base/error.ts";
import type { ScenarioMeta } from "../spec/scenario-meta.ts";
import { ScenarioInvalid } from "./errors.ts";
import { checkMeta } from "./scenario-meta.ts";

/** A scenario as planning sees it; its body is only ever loaded by the child that runs it. */
export interface Scenario {
  /** Absolute path of the TypeScript file. */
  file: string;
  meta: ScenarioMeta;
}

export interface DiscoverOptions {
  /** The project's directory, the one that holds scenarios/ and harness/. */
  root: string;
  /** Directory for what was read before; nothing is remembered without it. */
  cache?: string | undefined;
}

/** The scenarios of scenarios/, by name. */
export async function discoverScenarios({ root, cache }: DiscoverOptions): Promise<Scenario[]> {
  const directory = join(root, "scenarios");
  const files = (await readdir(directory)).filter((name) => name.endsWith(".ts")).sort();
  const api = await digestOf(join(root, "harness/scenario"), join(root, "harness/spec"));
  return Promise.all(
    files.map(async (name) => {
      const file = join(directory, name);
      return { file, meta: await remembered(file, api, cache) };
    }),
  );
}

/** A scenario anywhere else, given by its path: `./my-test.ts`. */
export async function readScenario(path: string, cwd: string): Promise<Scenario> {
  const file = resolve(cwd, path);
  return { file, meta: await importMeta(file) };
}

/** Whether a word of the command line is the path of a scenario rather than its name. */
export const isScenarioPath = (word: string): boolean => /^(\.{0,2}\/|.*\.ts$)/.test(word);

async function importMeta(file: string): Promise<ScenarioMeta> {
  const module = (await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw new ScenarioInvalid(file, messageOf(error), error);
  })) as { default?: { meta?: unknown } };
  return checkMeta(module.default?.meta, basename(file, ".ts"), file);
}

/**
 * Importing a scenario loads zx and the guest library, 0.2 s in all; its metadata only depends on
 * its own text and on what it may import, so that is the key under which it is remembered.
 */
async function remembered(file: string, api: string, cache?: string): Promise<ScenarioMeta> {
  if (cache === undefined) return importMeta(file);
  const key = createHash("sha256")
    .update(`${api}\0${file}\0`)
    .update(await readFile(file));
  const path = join(cache, "scenario-meta", `${key.digest("hex")}.json`);
  try {
    return JSON.parse(await readFile(path, "utf8")) as ScenarioMeta;
  } catch {
    const meta = await importMeta(file);
    await writeAtomically(path, JSON.stringify(meta)).catch(() => undefined);
    return meta;
  }
}

async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(resolve(path, ".."), { recursive: true });
  const partial = `${path}.${randomUUID()}`;
  await writeFile(partial, text);
  await rename(partial, path);
}

async function digestOf(...directories: string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const directory of directories) {
    const names = await readdir(directory).catch(() => []);
    for (const name of names.filter((name) => name.endsWith(".ts")).sort()) {
      hash.update(`${name}\0`).update(await readFile(join(directory, name)));
    }
  }
  return hash.digest("hex");
}
