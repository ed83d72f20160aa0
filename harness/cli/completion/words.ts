import { SETTINGS } from "../../config/settings.ts";
import { GLOBAL_OPTIONS } from "../global-options.ts";
import type { CommandSpec, OptionSpec } from "../table.ts";

/** What may follow one command; the empty path is xenloop itself. */
export interface CompletionNode {
  /** `["config", "show"]`. */
  path: readonly string[];
  /** Subcommands and choices of the first argument. */
  words: readonly { word: string; summary: string }[];
  options: readonly CompletionOption[];
}

export interface CompletionOption {
  /** With dashes. */
  names: readonly string[];
  description: string;
  takesValue: boolean;
  /** Words the value may be, empty when it is free. */
  choices: readonly string[];
}

/** Flattens the table into one node for each command and subcommand. */
export function completionWords(specs: readonly CommandSpec[]): CompletionNode[] {
  const root: CompletionNode = {
    path: [],
    words: specs.map(({ name, summary }) => ({ word: name, summary })),
    options: [...options([]), option("version", undefined, "print the version")],
  };
  return [root, ...specs.flatMap((spec) => nodes(spec, []))];
}

function nodes(spec: Omit<CommandSpec, "group">, parent: readonly string[]): CompletionNode[] {
  const path = [...parent, spec.name];
  const subcommands = spec.subcommands ?? [];
  const choices = spec.arguments?.[0]?.choices ?? [];
  const words = [
    ...subcommands.map(({ name, summary }) => ({ word: name, summary })),
    ...choices.map((word) => ({ word, summary: "" })),
  ];
  const node = { path, words, options: options(spec.options ?? []) };
  return [node, ...subcommands.flatMap((sub) => nodes(sub, path))];
}

function options(rows: readonly OptionSpec[]): CompletionOption[] {
  const own = [...rows, ...GLOBAL_OPTIONS].map((row: OptionSpec) => {
    const accepts = (row.setting && SETTINGS[row.setting].accepts) ?? "";
    const ofSetting = accepts.startsWith("one of ") ? accepts.slice(7).split(", ") : [];
    return {
      ...option(row.name, row.short, row.description),
      takesValue: row.argument !== undefined,
      choices: row.choices ?? ofSetting,
    };
  });
  return [...own, option("help", "h", "print help")];
}

function option(name: string, short: string | undefined, description: string): CompletionOption {
  const names = short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`];
  return { names, description, takesValue: false, choices: [] };
}
