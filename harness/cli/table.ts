import type { SettingName } from "../config/settings.ts";
import type { CliContext } from "./context.ts";

/** One row of the option table: parser, help, docs and completion are made from it. */
export interface OptionSpec {
  /** Long name without dashes; camelCase in the values a command gets. */
  name: string;
  /** One letter. */
  short?: string;
  /** Absent for a switch. */
  argument?: string;
  /**
   * What the value is; a switch unless told. `list` may be repeated and takes commas, `files` may
   * be repeated, `number` is a whole number from 1.
   */
  type?: "switch" | "text" | "number" | "list" | "files";
  choices?: readonly string[];
  default?: string | number;
  description: string;
  /** Makes the option the strongest source of a setting; its default, variable and key come along. */
  setting?: SettingName;
  /** Version of xenloop that brought it. */
  since: string;
}

export interface ArgumentSpec {
  /** As help shows it, `SCENARIO`. */
  name: string;
  description: string;
  required?: boolean;
  /** Takes all words that are left. */
  many?: boolean;
  choices?: readonly string[];
}

export interface CommandSpec {
  name: string;
  /** One line, for the list of commands. */
  summary: string;
  /** More lines, for the command's own help. */
  details?: string;
  /** Heading it stands under, one of `GROUPS`. */
  group: (typeof GROUPS)[number];
  arguments?: readonly ArgumentSpec[];
  options?: readonly OptionSpec[];
  /** Command lines with what they do. */
  examples?: readonly (readonly [command: string, meaning: string])[];
  /**
   * Each is in a file `commands/<name>-<subcommand>.ts`. The command itself then takes no
   * arguments, and does something of its own only when it has options.
   */
  subcommands?: readonly Omit<CommandSpec, "group" | "subcommands">[];
  since: string;
}

export const GROUPS = ["Run", "Look", "Hosts and images", "Publish", "Project"] as const;

/** Whether a command does something without a subcommand. */
export function runsByItself({ subcommands, options }: CommandSpec): boolean {
  return subcommands === undefined || options !== undefined;
}

/** What `commands/<name>.ts` exports. */
export interface CommandModule<Options = Record<string, unknown>> {
  /** @returns the exit code */
  run(ctx: CliContext, options: Options, args: readonly string[]): Promise<number>;
}

/** Keeps the literal types of the table, from which `OptionsOf` derives the values' types. */
export function defineCommand<const Spec extends CommandSpec>(spec: Spec): Spec {
  return spec;
}

/** The same for rows that several commands share. */
export function defineOptions<const Rows extends readonly OptionSpec[]>(rows: Rows): Rows {
  return rows;
}

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

type ValueOf<Row extends OptionSpec> = Row["type"] extends "list" | "files"
  ? string[]
  : Row["type"] extends "number"
    ? Given<Row, number>
    : Row["type"] extends "text"
      ? Given<Row, Row["choices"] extends readonly string[] ? Row["choices"][number] : string>
      : boolean;

type Given<Row extends OptionSpec, Value> = Row extends { default: string | number }
  ? Value
  : Value | undefined;

/**
 * The values of a command's options: `OptionsOf<typeof spec>`. Switches are false and lists
 * empty when not given. Options with a `setting` are read through `ctx.settings()` instead.
 */
export type OptionsOf<Spec extends { options?: readonly OptionSpec[] }> = {
  [
    Row in NonNullable<Spec["options"]>[number] as Row extends { setting: string }
      ? never
      : Camel<Row["name"]>
  ]: ValueOf<Row>;
};
