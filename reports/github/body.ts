import { tellingLine } from "../../harness/base/telling-line.ts";
import { failuresOf } from "../../harness/events/failure-title.ts";
import type { CellResult, RunResult } from "../../harness/events/result.ts";
import type { CellStatus } from "../../harness/events/status.ts";
import { isBuild, nothingWorks } from "../compared.ts";
import { SIGNS } from "../html/look.ts";
import { diagnosisBesides } from "../diagnosis-besides.ts";
import { replayCommand } from "../rerun.ts";
import { duration } from "../terminal/style.ts";
import { conclusionOf, headline } from "./headline.ts";
import { code, fenced, folded, inert, table } from "./markdown.ts";
import { sortCells } from "./sort-cells.ts";

/** Addresses of our own making, never of the run's. */
export interface Links {
  /** Page of the CI run. */
  run?: string;
  /** Page of the artifact that holds the recorded run. */
  artifact?: string;
}

/** How much of a run a text tells; each is less than the one before. */
interface Rung {
  consoles: number;
  /** Cells named in one row. */
  cells: number;
  rows: number;
  all: boolean;
}

const RUNGS: readonly Rung[] = [
  { consoles: 5, cells: 10, rows: 50, all: true },
  { consoles: 0, cells: 10, rows: 50, all: true },
  { consoles: 0, cells: 5, rows: 30, all: false },
  { consoles: 0, cells: 2, rows: 10, all: false },
];
const CONSOLE_LINES = 25;
const SIGN = { success: "✔", failure: "✖", neutral: "≈", cancelled: "■" };

/** The run in Markdown, from everything worth telling down to its headline alone. */
export function bodies(result: RunResult, links: Links): string[] {
  return [...RUNGS.map((rung) => body(result, links, rung)), head(result, links)];
}

function head(result: RunResult, { run, artifact }: Links): string {
  const { commit, accel, qemu } = result.run;
  const parts = [
    ...(commit === undefined ? [] : [code(commit.slice(0, 12))]),
    inert(accel, 20),
    `QEMU ${inert(qemu, 40)}`,
    duration(result.run.ms),
    ...(artifact === undefined ? [] : [`[report, consoles and evidence](${artifact})`]),
    ...(run === undefined ? [] : [`[log](${run})`]),
  ];
  const sign = SIGN[conclusionOf(result)];
  const broken = result.complete ? "" : "\n\nThe run was cut off: what is missing proves nothing.";
  const isJudged = sortCells(result).fresh.length > 0 || !nothingWorks(result.cells);
  const why = isJudged ? "" : "\n\nNothing works without the change either: it is not judged.";
  return `## ${sign} xenloop: ${headline(result)}\n\n${parts.join(" · ")}${broken}${why}`;
}

function body(result: RunResult, links: Links, rung: Rung): string {
  const { fresh, stale, known, unfinished, unseen, flaky, fixed } = sortCells(result);
  const red = [...fresh, ...stale, ...known];
  const parts = [
    head(result, links),
    tried(result, rung),
    failures("New failures", fresh, rung),
    failures("Red before this change", stale, rung),
    failures("Known issues", known, rung),
    list("Cut off", unfinished, rung),
    list("Not seen without the patch: nothing to compare with", unseen, rung),
    list("Flaky: red, then passed when run again", flaky, rung),
    list("Fixed: red before this change", fixed, rung),
    red.length > 0 && commands([fresh, stale, known], links, rung),
    ...fresh.slice(0, rung.consoles).map(consoleOf),
    rung.all && result.cells.length > 0 && everything(result, rung),
  ];
  return parts.filter((part) => part !== false && part !== undefined).join("\n\n");
}

/** For whoever reads the change, also when it builds. */
function tried({ cells }: RunResult, { rows: most }: Rung): string | undefined {
  const rows = cells
    .filter(isBuild)
    .flatMap(({ id, comments }) => comments.map((text) => `- ${code(id, 120)}: ${inert(text)}`));
  if (rows.length === 0) return undefined;
  return `### What builds tried\n\n${rows.slice(0, most).join("\n")}${left(rows.length, most)}`;
}

function failures(title: string, cells: readonly CellResult[], rung: Rung): string | undefined {
  if (cells.length === 0) return undefined;
  const all = failuresOf(cells);
  const rows = all.slice(0, rung.rows).map((failure) => {
    const [first] = failure.cells;
    const issue = first?.known ? `${code(first.known.issue, 12)} ` : "";
    const sign = SIGNS[first?.status ?? "failed"];
    const said = first && diagnosisBesides(first);
    const diagnosis = said === undefined ? "" : `<br>${inert(said)}`;
    return [
      `${sign.sign} ${sign.word}`,
      `${issue}${inert(failure.title)}${diagnosis}`,
      names(failure.cells, rung),
    ];
  });
  const rest = left(all.length, rung.rows);
  return `### ${title}\n\n${table(["", "what broke", "where"], rows)}${rest}`;
}

function names(cells: readonly CellResult[], { cells: most }: Rung): string {
  const shown = cells.slice(0, most).map(({ id }) => code(id, 120));
  const rest = cells.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join("<br>");
}

function list(title: string, cells: readonly CellResult[], rung: Rung): string | undefined {
  if (cells.length === 0) return undefined;
  const rows = cells.slice(0, rung.rows).map(({ id, reason, comparison }) => {
    const before = comparison?.base === undefined ? "" : `without the patch: ${comparison.base}`;
    const said = reason || before;
    return `- ${code(id, 120)}${said === "" ? "" : `: ${inert(said)}`}`;
  });
  return `### ${title}\n\n${rows.join("\n")}${left(cells.length, rung.rows)}`;
}

function left(count: number, most: number): string {
  return count > most ? `\n\n… and ${count - most} more in the report.` : "";
}

/** One line a failure brings the same red to another machine. */
function commands(red: readonly CellResult[][], { artifact }: Links, rung: Rung): string {
  const firsts = red.flatMap(failuresOf).flatMap(({ cells }) => cells.slice(0, 1));
  const lines = firsts.slice(0, rung.rows).map((cell) => replayCommand(cell, artifact));
  return folded("See it happen, in a checkout of this repository", fenced(lines, "sh"));
}

function consoleOf(cell: CellResult): string {
  const { excerpt } = cell;
  if (excerpt.length === 0) return "";
  const telling = tellingLine(excerpt) ?? excerpt.length - 1;
  const from = Math.max(0, Math.min(telling - 5, excerpt.length - CONSOLE_LINES));
  const lines = excerpt.slice(from, from + CONSOLE_LINES);
  return folded(`Console of ${code(cell.id, 120)}`, fenced(lines));
}

function everything({ cells }: RunResult, { rows: most }: Rung): string {
  const rows = cells
    .slice(0, most * 4)
    .map(({ id, status, ms, facts, comparison }) => [
      code(id, 120),
      ending(status, comparison?.effect),
      ms > 0 ? duration(ms) : "",
      inert([facts["xen_version"], facts["libvirt_version"]].filter(Boolean).join(" / "), 60),
    ]);
  const rest = left(cells.length, most * 4);
  return folded(
    `All cells: ${cells.length}`,
    `${table(["cell", "", "took", "Xen / libvirt"], rows)}${rest}`,
  );
}

/** With what a patch did to it, where one is checked. */
function ending(status: CellStatus, effect: string | undefined): string {
  const { sign, word } = SIGNS[status];
  return `${sign} ${word}${effect === undefined ? "" : ` · ${inert(effect, 40)}`}`;
}
