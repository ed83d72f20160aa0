import { dirname } from "node:path";
import { ConfigInvalid, type ConfigProblem } from "./errors.ts";
import type { LoadedConfig } from "./load.ts";
import {
  SETTINGS,
  SETTING_NAMES,
  expandPath,
  type SettingName,
  type SettingSpec,
  type Settings,
} from "./settings.ts";

/** `default`, `file:line:column`, `$VARIABLE` or `--option`. */
export type Origin = string;

export interface ResolvedSettings {
  values: Settings;
  origins: Record<SettingName, Origin>;
}

/** A value given on the command line; text, or a list when the option may be repeated. */
export interface GivenOption {
  value: string | readonly string[];
  /** How messages call it, `--jobs`. */
  option: string;
}

export interface ResolveInput {
  cwd: string;
  env: NodeJS.ProcessEnv;
  config: LoadedConfig;
  options?: Partial<Record<SettingName, GivenOption>>;
}

/**
 * Lays option over environment over file over default, setting by setting.
 * @throws ConfigInvalid naming every unusable option and variable
 */
export function resolveSettings(input: ResolveInput): ResolvedSettings {
  const problems: ConfigProblem[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  const origins = {} as Record<SettingName, Origin>;
  for (const name of SETTING_NAMES) {
    const spec: SettingSpec<unknown> = SETTINGS[name];
    const found = lookUp(name, spec, input);
    if (found.value === undefined && found.text !== undefined) {
      problems.push({ where: found.origin, what: `must be ${spec.accepts}, not "${found.text}"` });
    }
    const { value, base } = found;
    values[name] =
      spec.isPath && typeof value === "string" ? expandPath(value, base, input.env) : value;
    origins[name] = found.origin;
  }
  if (problems.length > 0) throw new ConfigInvalid(problems);
  return { values: values as unknown as Settings, origins };
}

interface Found {
  value: unknown;
  /** As it was written, when it was text that still had to be parsed. */
  text?: string;
  origin: Origin;
  /** What a relative path starts at. */
  base: string;
}

function lookUp(name: SettingName, spec: SettingSpec<unknown>, input: ResolveInput): Found {
  const { cwd, env, config, options = {} } = input;
  const option = options[name];
  if (option !== undefined) {
    const text = typeof option.value === "string" ? option.value : option.value.join(",");
    return { value: spec.parse(text), text, origin: option.option, base: cwd };
  }
  const variable = spec.env === undefined ? undefined : env[spec.env];
  // As with XDG's own variables, empty is the same as not set.
  if (spec.env !== undefined && variable !== undefined && variable !== "") {
    return { value: spec.parse(variable), text: variable, origin: `$${spec.env}`, base: cwd };
  }
  const written = spec.key.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    config.values,
  );
  if (written !== undefined) {
    const value = typeof written === "string" ? spec.parse(written) : written;
    const base = config.path === undefined ? cwd : dirname(config.path);
    return { value, origin: config.where(spec.key), base };
  }
  return { value: spec.fallback(env, cwd), origin: "default", base: cwd };
}
