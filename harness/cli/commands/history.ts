import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { exitCode } from "../../events/exit-code.ts";
import type { ChangesSince, HistoryMoment, HistoryOfCell } from "../../events/history.ts";
import type { RunHeader } from "../../events/result.ts";
import { historyOfCells } from "../../history/cell-history.ts";
import { changesSince } from "../../history/changes.ts";
import { addToHistory, historyPath, readHistory } from "../../history/history-file.ts";
import { recordsOf, type HistoryRecord } from "../../history/record.ts";
import { readShardRuns } from "../../matrix/shard-runs.ts";
import type { CliContext } from "../context.ts";
import type { OptionsOf } from "../table.ts";
import { columns } from "../terminal.ts";
import type spec from "./history.command.ts";

/** Runs that one line of signs shows. */
const SIGNS_SHOWN = 20;
const SIGNS: Readonly<Record<string, string>> = {
  passed: "+",
  flaky: "~",
  failed: "X",
  timedout: "T",
  error: "E",
};

export async function run(
  ctx: CliContext,
  options: OptionsOf<typeof spec>,
  [wanted = ""]: readonly string[],
): Promise<number> {
  const { runs } = (await ctx.settings()).values;
  const path = historyPath(runs);
  for (const source of options.add) {
    const records = await recordsIn(resolve(ctx.cwd, source));
    const added = await addToHistory(path, records);
    ctx.stderr.write(`${source}: ${added} of ${records.length} records are new\n`);
  }
  const records = await readHistory(path);
  const all = [...historyOfCells(records).values()];
  const exact = all.filter(({ cell }) => cell === wanted);
  const histories = exact.length > 0 ? exact : all.filter(({ cell }) => cell.includes(wanted));
  if (histories.length === 0) {
    const what = wanted === "" ? "no run" : `no run of a cell "${wanted}"`;
    ctx.stderr.write(`xenloop: ${what} is remembered in ${path}; xenloop run adds one\n`);
    return exitCode("nothing-ran");
  }
  const details = wanted === "" ? [] : await changesOf(histories, records, runs, ctx.root);
  if (options.json) {
    ctx.stdout.write(
      `${JSON.stringify({ version: 1, cells: histories, changes: details }, null, 2)}\n`,
    );
  } else if (wanted !== "" && histories.length === 1) {
    ctx.stdout.write(oneCell(histories[0]!, details[0]));
  } else ctx.stdout.write(overview(histories));
  return 0;
}

async function recordsIn(path: string): Promise<HistoryRecord[]> {
  if ((await stat(path).catch(() => undefined))?.isFile()) return readHistory(path);
  const kept = await readHistory(join(path, "history.jsonl"));
  if (kept.length > 0) return kept;
  return (await readShardRuns([path])).flatMap(({ result }) => recordsOf(result));
}

function changesOf(
  histories: readonly HistoryOfCell[],
  records: readonly HistoryRecord[],
  runs: string,
  root: string,
): Promise<ChangesSince[]> {
  const perCell = histories.flatMap((history) => {
    const { cell, firstBad, lastGood } = history;
    if (!firstBad || !lastGood) return [];
    const { scenario = "", host = "" } = records.find((each) => each.cell === cell) ?? {};
    const run: Pick<RunHeader, "commit" | "locks" | "scenarios"> = {
      ...(firstBad.commit !== undefined && { commit: firstBad.commit }),
      ...(firstBad.lock !== undefined && { locks: { [host]: firstBad.lock } }),
      ...(firstBad.code !== undefined && { scenarios: { [scenario]: firstBad.code } }),
    };
    return [changesSince([history], { runs, root, run, directory: join(runs, firstBad.run) })];
  });
  return Promise.all(perCell).then((found) => found.flat());
}

function overview(histories: readonly HistoryOfCell[]): string {
  const rank = ({ firstBad, flakes }: HistoryOfCell) => (firstBad ? 2 : flakes > 0 ? 1 : 0);
  const sorted = [...histories].sort((a, b) => rank(b) - rank(a) || a.cell.localeCompare(b.cell));
  const rows = sorted.map(({ cell, recent, runs, flakes, firstBad, lastGood }) => [
    cell,
    recent.at(-1)?.status ?? "",
    firstBad ? day(firstBad.at) : "-",
    lastGood ? day(lastGood.at) : "never",
    String(runs),
    percent(flakes, runs),
    signsOf(recent),
  ]);
  return columns([
    ["CELL", "NOW", "RED SINCE", "LAST GOOD", "RUNS", "FLAKES", "RUN BY RUN"],
    ...rows,
  ]);
}

function oneCell(history: HistoryOfCell, changes: ChangesSince | undefined): string {
  const { cell, runs, flakes, recent, firstBad, lastGood } = history;
  const now = recent.at(-1)?.status ?? "unknown";
  const lines = [
    firstBad ? `${cell} is ${now}, red since ${day(firstBad.at)}` : `${cell} is ${now}`,
    `  ${runs} runs, ${percent(flakes, runs)} flaky: ${signsOf(recent)}`,
    ...(firstBad ? moment("first bad", firstBad) : []),
    ...(lastGood ? moment("last good", lastGood) : ["  last good  never"]),
    ...(changes ? changeLines(changes) : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function moment(what: string, { run, at, commit, lock, versions, title }: HistoryMoment): string[] {
  const known = Object.entries(versions).map(([name, value]) => `${name.split("_")[0]} ${value}`);
  return [
    `  ${what}  ${run}  ${at.slice(0, 16).replace("T", " ")} UTC`,
    `             commit ${commit?.slice(0, 12) ?? "unknown"}, lock ${lock?.slice(0, 12) ?? "none"}`,
    ...(known.length > 0 ? [`             ${known.join(", ")}`] : []),
    ...(title === undefined ? [] : [`             ${title}`]),
  ];
}

function changeLines({ packages, unknownLocks, commits, scenarios }: ChangesSince): string[] {
  const moved = Object.entries(packages).flatMap(([host, rows]) =>
    rows.map((row) => `    ${host}: ${row}`),
  );
  const locks = unknownLocks.map((host) => `    ${host}: other packages; the run's lock is gone`);
  const code = scenarios.map((scenario) => `    scenario ${scenario}`);
  const all = [...moved, ...locks, ...code, ...commits.map((commit) => `    commit ${commit}`)];
  return ["  changed in between", ...(all.length > 0 ? all : ["    nothing that is recorded"])];
}

function signsOf(recent: HistoryOfCell["recent"]): string {
  const signs = recent.slice(-SIGNS_SHOWN).map(({ status }) => SIGNS[status] ?? "?");
  return signs.join("");
}

function percent(part: number, whole: number): string {
  return `${Math.round((part / whole) * 100)} %`;
}

function day(at: string): string {
  return at.slice(0, 10);
}
