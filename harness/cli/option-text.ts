import { SETTINGS, type SettingSpec } from "../config/settings.ts";
import type { OptionSpec } from "./table.ts";

/** `-v, --verbose` or `--host <NAME>`. */
export function optionFlags({ name, short, argument }: OptionSpec): string {
  const long = argument === undefined ? `--${name}` : `--${name} <${argument}>`;
  return short === undefined ? long : `-${short}, ${long}`;
}

/** The description with what the row's setting adds: variable, default, values. */
export function describeOption(row: OptionSpec): string {
  const { values, fallback, variable } = optionFacts(row);
  const facts = [
    ...(values === undefined ? [] : [values]),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
    ...(variable === undefined ? [] : [`env: ${variable}`]),
  ];
  return facts.length === 0 ? row.description : `${row.description} (${facts.join("; ")})`;
}

export interface OptionFacts {
  values: string | undefined;
  fallback: string | undefined;
  variable: string | undefined;
  /** Key of the configuration file. */
  key: string | undefined;
}

export function optionFacts({ setting, choices, default: given }: OptionSpec): OptionFacts {
  const spec: SettingSpec<unknown> | undefined = setting && SETTINGS[setting];
  const fallback = spec?.fallbackText ?? spec?.fallback({}, "/") ?? given;
  const oneOf = /^one of /.test(spec?.accepts ?? "") ? spec?.accepts : undefined;
  return {
    // Commander prints an option's own choices and default by itself.
    values: oneOf?.replace("one of ", "") ?? (setting ? choices?.join(", ") : undefined),
    fallback: setting === undefined || fallback === undefined ? undefined : String(fallback),
    variable: spec?.env,
    key: spec?.key.join("."),
  };
}
