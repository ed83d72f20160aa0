import { readdir } from "node:fs/promises";
import { GROUPS, type CommandModule, type CommandSpec } from "./table.ts";

const COMMANDS = new URL("./commands/", import.meta.url);
const SPEC = ".command.ts";

/** Every `commands/<name>.command.ts`, by group, then by name; a command is added by adding its files. */
export async function loadCommandSpecs(): Promise<CommandSpec[]> {
  const files = (await readdir(COMMANDS)).filter((name) => name.endsWith(SPEC)).sort();
  const specs = await Promise.all(
    files.map(async (file) => {
      const module = (await import(new URL(file, COMMANDS).href)) as { default: CommandSpec };
      return module.default;
    }),
  );
  return specs.sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group));
}

/** The code of a command, `["config", "show"]` in commands/config-show.ts. */
export async function loadCommand(path: readonly string[]): Promise<CommandModule> {
  return (await import(new URL(`${path.join("-")}.ts`, COMMANDS).href)) as CommandModule;
}
