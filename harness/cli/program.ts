import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { EXIT_CODES } from "../events/exit-code.ts";
import type { GivenOption } from "../config/resolve.ts";
import type { SettingName } from "../config/settings.ts";
import { createContext, type ContextBase } from "./context.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import { describeOption, optionFlags } from "./option-text.ts";
import { loadCommand, loadCommandSpecs } from "./registry.ts";
import { usageError } from "./usage-error.ts";
import { runsByItself, type ArgumentSpec, type CommandSpec, type OptionSpec } from "./table.ts";

/** Width of help that no terminal shows, as commander has it for the rest. */
const PIPE_COLUMNS = 80;

type Values = Record<string, unknown>;
type LeafSpec = Omit<CommandSpec, "group" | "subcommands">;

/** Parses a command line by the table and runs the command it names; resolves to the exit code. */
export async function runProgram(base: ContextBase): Promise<number> {
  let exitCode = 0;
  const program = new Command("xenloop")
    .description("Boots nested Xen hosts, starts real guests in them through libvirt, and reports.")
    .version(base.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help; `xenloop COMMAND --help` says more")
    .addHelpText("after", () => `\nExit codes:\n${exitCodeLines()}`)
    .configureHelp({ showGlobalOptions: true });
  const write = (text: string) => void base.stdout.write(text);
  program.configureOutput({
    writeOut: write,
    writeErr: (text) => void base.stderr.write(text),
    // Errors are thrown, and printed in one place.
    outputError: () => undefined,
  });
  program.addHelpCommand(helpCommand());
  for (const row of GLOBAL_OPTIONS) program.addOption(commanderOption(row));

  const leaf = (command: Command, spec: LeafSpec, path: readonly string[]): void => {
    for (const row of spec.arguments ?? []) command.addArgument(commanderArgument(row));
    for (const row of spec.options ?? []) command.addOption(commanderOption(row));
    const { details } = spec;
    if (details !== undefined) {
      const width = base.stdout.columns ?? PIPE_COLUMNS;
      command.addHelpText("after", () => `\n${command.createHelp().boxWrap(details, width)}`);
    }
    if (spec.examples !== undefined) command.addHelpText("after", exampleLines(spec.examples));
    command.action(async () => {
      const values = command.optsWithGlobals<Values>();
      const rows: readonly OptionSpec[] = [...GLOBAL_OPTIONS, ...(spec.options ?? [])];
      const ctx = createContext(
        { ...base, verbose: values["verbose"] === true },
        { configFile: values["config"] as string | undefined, given: givenSettings(rows, values) },
      );
      const module = await loadCommand(path);
      exitCode = await module.run(ctx, commandValues(spec.options ?? [], values), command.args);
    });
  };

  const specs = await loadCommandSpecs();
  for (const spec of specs) {
    const command = program.command(spec.name).summary(spec.summary).description(spec.summary);
    command.helpGroup(`${spec.group}:`);
    if (runsByItself(spec)) leaf(command, spec, [spec.name]);
    for (const sub of spec.subcommands ?? []) {
      const child = command.command(sub.name).summary(sub.summary).description(sub.summary);
      leaf(child, sub, [spec.name, sub.name]);
    }
  }
  for (const command of withDescendants(program)) {
    command.exitOverride((error) => {
      throw usageError(error, command);
    });
  }
  try {
    await program.parseAsync(base.argv, { from: "user" });
  } catch (error) {
    // Help and version come as errors of commander that ask for success.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    throw error;
  }
  return exitCode;
}

function helpCommand(): Command {
  return new Command("help")
    .argument("[COMMAND]")
    .description("print help for a command")
    .helpGroup("Project:");
}

function withDescendants(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withDescendants)];
}

function commanderOption(row: OptionSpec): Option {
  const option = new Option(optionFlags(row), describeOption(row));
  if (row.type === "list") {
    option.argParser<string[]>((text, before = []) => [...before, ...text.split(",")]);
  }
  // A file's name may have a comma in it.
  if (row.type === "files") option.argParser<string[]>((text, before = []) => [...before, text]);
  if (row.type === "number") option.argParser(wholeNumber);
  if (row.choices !== undefined) option.choices(row.choices);
  if (row.default !== undefined) option.default(row.default);
  return option;
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(text);
}

function commanderArgument({ name, description, required, many, choices }: ArgumentSpec): Argument {
  const inside = many ? `${name}...` : name;
  const argument = new Argument(required ? `<${inside}>` : `[${inside}]`, description);
  return choices === undefined ? argument : argument.choices(choices);
}

/** Options that feed settings, as they were typed. */
function givenSettings(rows: readonly OptionSpec[], values: Values) {
  const given: Partial<Record<SettingName, GivenOption>> = {};
  for (const { name, setting } of rows) {
    const value = values[camel(name)] as string | string[] | undefined;
    if (setting !== undefined && value !== undefined)
      given[setting] = { value, option: `--${name}` };
  }
  return given;
}

function commandValues(rows: readonly OptionSpec[], values: Values): Values {
  return Object.fromEntries(
    rows
      .filter(({ setting }) => setting === undefined)
      .map(({ name, type = "switch" }) => {
        const absent = type === "switch" ? false : isRepeated(type) ? [] : undefined;
        return [camel(name), values[camel(name)] ?? absent];
      }),
  );
}

function isRepeated(type: NonNullable<OptionSpec["type"]>): boolean {
  return type === "list" || type === "files";
}

function camel(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function exitCodeLines(): string {
  return EXIT_CODES.map(({ code, meaning }) => `${String(code).padStart(5)}  ${meaning}`).join(
    "\n",
  );
}

function exampleLines(examples: NonNullable<CommandSpec["examples"]>): string {
  const width = Math.max(...examples.map(([command]) => command.length));
  const lines = examples.map(([command, meaning]) => `  ${command.padEnd(width)}  ${meaning}`);
  return `\nExamples:\n${lines.join("\n")}`;
}
