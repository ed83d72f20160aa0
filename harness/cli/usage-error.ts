import type { Command, CommanderError } from "commander";
import { nearest } from "../base/nearest.ts";
import { CommandUnknown, OptionUnknown, UsageInvalid } from "./errors.ts";

/** What commander found wrong, as an error of this project with the nearest right word. */
export function usageError(error: CommanderError, command: Command): Error {
  if (error.exitCode === 0) return error;
  const line = commandLine(command);
  const word = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  switch (error.code) {
    case "commander.unknownCommand": {
      const near = nearest(
        word,
        command.commands.map((known) => known.name()),
      );
      return new CommandUnknown(line, word, near);
    }
    case "commander.unknownOption": {
      const name = word.replace(/=.*/, "");
      return new OptionUnknown(name, line, nearest(name, longOptions(command)));
    }
    case "commander.help":
      return new UsageInvalid(`${line} needs the name of a command`, line);
    default:
      return new UsageInvalid(error.message.replace(/^error: /, ""), line);
  }
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
