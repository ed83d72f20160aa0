import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { ConfigUnreadable } from "./errors.ts";
import type { UserConfig } from "./schema.ts";

export const CONFIG_FILE = "xenloop.config.yaml";

export interface LoadedConfig {
  /** Absolute; undefined when there is no file. */
  path: string | undefined;
  values: UserConfig;
  /** Where messages point for a key, `xenloop.config.yaml:3:5`. */
  where(path: readonly PropertyKey[]): string;
}

export interface LoadConfigOptions {
  cwd: string;
  /** From `--config`; must exist. Otherwise the file is looked for from `cwd` upward. */
  file?: string | undefined;
}

export async function loadConfig({ cwd, file }: LoadConfigOptions): Promise<LoadedConfig> {
  const found = file === undefined ? await find(cwd) : await read(resolve(cwd, file));
  if (found === undefined) return { path: undefined, values: {}, where: () => CONFIG_FILE };
  // zod and yaml cost a tenth of a second: only those who have a file pay for them.
  const { parseConfig } = await import("./parse.ts");
  return { path: found.path, ...parseConfig(found.text, displayName(cwd, found.path)) };
}

interface ConfigText {
  path: string;
  text: string;
}

async function find(from: string): Promise<ConfigText | undefined> {
  for (let directory = resolve(from); ; directory = dirname(directory)) {
    const path = join(directory, CONFIG_FILE);
    try {
      return { path, text: await readFile(path, "utf8") };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT")
        throw new ConfigUnreadable(path, error);
    }
    if (directory === dirname(directory)) return undefined;
  }
}

async function read(path: string): Promise<ConfigText> {
  try {
    return { path, text: await readFile(path, "utf8") };
  } catch (error) {
    throw new ConfigUnreadable(path, error);
  }
}

function displayName(cwd: string, path: string): string {
  const short = relative(cwd, path);
  return short.startsWith("..") ? path : short;
}
