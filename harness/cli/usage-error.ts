import type { Command, CommanderError } from "commander";
import { nearest } from "../base/nearest.ts";
import { CommandUnknown, OptionUnknown, UsageInvalid } from "./errors.ts";

/** What commander found wrong, as an error of this project with the nearest right word. */
export function usageError(error: CommanderError, command: Command): Error {
  if (error.exitCode === 0) return error;
  const line = commandLine(command);
  const word = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  switch (error.code) {
    case "commander.unknownCommand":
      return commandUnknown(command, word);
    case "commander.unknownOption": {
      const name = word.replace(/=.*/, "");
      return new OptionUnknown(name, line, nearest(name, longOptions(command)));
    }
    case "commander.help":
      // `help` with a word that is no command, which commander answers as it does none at all.
      if (command.args[0] === "help" && command.args[1] !== undefined)
        return commandUnknown(command, command.args[1]);
      return new UsageInvalid(`${line} needs the name of a command`, line);
    default:
      return new UsageInvalid(error.message.replace(/^error: /, ""), line);
  }
}

function commandUnknown(command: Command, word: string): CommandUnknown {
  const known = command.commands.map((one) => one.name());
  return new CommandUnknown(commandLine(command), word, nearest(word, known));
}

function longOptions(command: Command | null): string[] {
  if (command === null) return [];
  const own = command.options.flatMap(({ long }) => (typeof long === "string" ? [long] : []));
  return [...own, "--help", ...longOptions(command.parent)];
}

function commandLine(command: Command): string {
  const parent = command.parent === null ? "" : `${commandLine(command.parent)} `;
  return `${parent}${command.name()}`;
}
