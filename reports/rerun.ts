import type { CellResult } from "../harness/events/result.ts";
import { plainLine } from "./text.ts";

const PLAIN = /^[\w.-]+$/;

/** `repro` with the issues and hosts of these cells; undefined unless all are reproducers. */
export function reproCommand(cells: readonly CellResult[]): string | undefined {
  const issues = cells.map(issueOf);
  if (issues.length === 0 || issues.includes(undefined)) return undefined;
  const hosts = new Set(cells.map(({ host }) => host).filter((host) => PLAIN.test(host)));
  return `./xenloop repro ${[...new Set(issues)].join(" ")} --host ${[...hosts].join(",")}`;
}

/** The command that runs this cell alone. */
export function rerunCommand(cell: CellResult): string {
  const { id, scenario, host, axes, command } = cell;
  if (command !== undefined) return plainLine(command);
  const isPlain = Object.keys(axes).length === 0 && PLAIN.test(scenario) && PLAIN.test(host);
  const issue = issueOf(cell);
  if (isPlain && issue !== undefined) return `./xenloop repro ${issue} --host ${host}`;
  if (isPlain) return `./xenloop run ${scenario} --host ${host}`;
  return `./xenloop run ${word(id)}`;
}

/**
 * The command that runs this cell again elsewhere, made from the same.
 * @param recorded address of the recorded run; without one it is made from what is pinned today
 */
export function replayCommand(cell: CellResult, recorded: string | undefined): string {
  if (recorded === undefined || cell.command !== undefined || issueOf(cell) !== undefined)
    return rerunCommand(cell);
  return `./xenloop replay ${word(recorded)} ${word(cell.id)}`;
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
