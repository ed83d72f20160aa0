import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { loadHosts, type HostRegistry } from "../config/host-registry.ts";
import { loadConfig, type LoadedConfig } from "../config/load.ts";
import { resolveSettings, type GivenOption, type ResolvedSettings } from "../config/resolve.ts";
import type { SettingName } from "../config/settings.ts";
import { discoverScenarios, type Scenario } from "../plan/scenario-registry.ts";

/** What a command may know of the world; nothing else is read from `process`. */
export interface CliContext {
  cwd: string;
  env: NodeJS.ProcessEnv;
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean };
  /** Aborted with `Interrupted` by SIGINT and SIGTERM. */
  signal: AbortSignal;
  /** Whether standard output takes colours. */
  color: boolean;
  verbose: boolean;
  /** The project's directory, absolute. */
  root: string;
  version: string;
  /** The command line, without node and the script. */
  argv: readonly string[];
  /** Each is read once, when first asked for. */
  config(): Promise<LoadedConfig>;
  settings(): Promise<ResolvedSettings>;
  hosts(): Promise<HostRegistry>;
  scenarios(): Promise<Scenario[]>;
}

export type ContextBase = Omit<CliContext, "config" | "settings" | "hosts" | "scenarios">;

export interface ContextOptions {
  /** Value of `--config`. */
  configFile: string | undefined;
  given: Partial<Record<SettingName, GivenOption>>;
}

export const PROJECT_ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");

export function createContext(base: ContextBase, options: ContextOptions): CliContext {
  const { cwd, env, root } = base;
  const config = once(() => loadConfig({ cwd, file: options.configFile }));
  const settings = once(async () =>
    resolveSettings({ cwd, env, config: await config(), options: options.given }),
  );
  return {
    ...base,
    config,
    settings,
    hosts: once(async () => {
      const { mirror } = (await settings()).values;
      return loadHosts({ directory: join(root, "images/hosts"), config: await config(), mirror });
    }),
    scenarios: once(async () => {
      const { cache } = (await settings()).values;
      return discoverScenarios({ root, cache });
    }),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
