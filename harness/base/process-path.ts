import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The file a program name stands for, as execvp finds it; undefined when there is none.
 * Looked up before spawning because ENOENT from spawn may as well mean a missing cwd.
 */
export function findProgram(program: string, path = process.env.PATH ?? ""): string | undefined {
  if (program.includes("/")) return isExecutable(program) ? program : undefined;
  return path
    .split(delimiter)
    .map((directory) => join(directory || ".", program))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
