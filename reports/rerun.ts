import type { CellResult } from "../harness/events/result.ts";
import { plainLine } from "./text.ts";

const PLAIN = /^[\w.-]+$/;

/** The command that runs this cell alone. */
export function rerunCommand(cell: CellResult): string {
  const { id, scenario, host, axes } = cell;
  const isPlain = Object.keys(axes).length === 0 && PLAIN.test(scenario) && PLAIN.test(host);
  const issue = issueOf(cell);
  if (isPlain && issue !== undefined) return `./xenloop repro ${issue} --host ${host}`;
  if (isPlain) return `./xenloop run ${scenario} --host ${host}`;
  return `./xenloop run ${word(id)}`;
}

/** Id of the issue whose reproducer the cell is: `run` does not know those. */
function issueOf({ tags, scenario }: CellResult): string | undefined {
  if (!tags.includes("known-issue")) return undefined;
  return /^k\d+(?=-)/.exec(scenario)?.[0].toUpperCase();
}

/** A name of whatever origin stays one word of the shell. */
function word(text: string): string {
  return `'${plainLine(text).replaceAll("'", `'\\''`)}'`;
}
