import type { CellResult } from "../harness/events/result.ts";
import { plainLine } from "./text.ts";

/** The command that runs this cell alone. */
export function rerunCommand({ id, scenario, host, axes }: CellResult): string {
  const isPlain = Object.keys(axes).length === 0 && /^[\w.-]+$/.test(`${scenario}${host}`);
  if (isPlain) return `./xenloop run ${scenario} --host ${host}`;
  // A name of whatever origin stays one word of the shell.
  return `./xenloop run '${plainLine(id).replaceAll("'", `'\\''`)}'`;
}
