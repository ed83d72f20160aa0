import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** On Debian; debugfs and mke2fs are there, and need no rights. */
const ADMIN_DIRECTORIES = ["/usr/sbin", "/sbin"];

/**
 * The file a program name stands for, as execvp finds it, or the one among the administrator's
 * programs, which an ordinary user's PATH leaves out; undefined when there is none.
 * Looked up before spawning because ENOENT from spawn may as well mean a missing cwd.
 */
export function findProgram(program: string, path = process.env.PATH ?? ""): string | undefined {
  if (program.includes("/")) return isExecutable(program) ? program : undefined;
  return [...path.split(delimiter), ...ADMIN_DIRECTORIES]
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
