import { MAC, UUID } from "../base/varying.ts";
import type { CellResult } from "./result.ts";
import { isRed } from "./status.ts";

/** What differs between two sights of one failure, and what stands for it. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [UUID, "UUID"],
  [MAC, "MAC"],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, "TIME"],
  [/\[\s*\d+\.\d+\]\s?/g, ""],
  [/\b0x[0-9a-f]+\b|\b[0-9a-f]{12,}\b/gi, "HEX"],
  [/(?<![\w.])(?:\/[\w.@+=,:-]+){2,}/g, "PATH"],
  [/\d+(?:\.\d+)*/g, "N"],
  [/\s+/g, " "],
];

/** A sentence longer than this tells its failure in its beginning. */
const LENGTH = 300;

/** A sentence about a failure without what is of one host, one moment or one process only. */
export function normalised(sentence: string, { host, id }: { host: string; id: string }): string {
  let text = sentence.slice(0, LENGTH * 4).replaceAll(id, "CELL");
  if (host !== "") text = text.replaceAll(host, "HOST");
  for (const [pattern, instead] of VARYING) text = text.replace(pattern, instead);
  return text.trim().slice(0, LENGTH);
}

export interface Failure {
  /** Of a known issue its own; otherwise what the sentences of the cells have in common. */
  title: string;
  cells: CellResult[];
}

/** The failures behind the red cells, the one with most cells first. */
export function failuresOf(cells: readonly CellResult[]): Failure[] {
  const byKey = new Map<string, CellResult[]>();
  for (const cell of cells) {
    if (!isRed(cell.status)) continue;
    const { known, code = "", status, reason } = cell;
    const key = known?.issue ?? `${status} ${code} ${normalised(reason, cell)}`;
    byKey.set(key, [...(byKey.get(key) ?? []), cell]);
  }
  return [...byKey.values()]
    .map((alike) => ({ title: titleOf(alike), cells: alike }))
    .sort((a, b) => b.cells.length - a.cells.length);
}

function titleOf(cells: readonly CellResult[]): string {
  const [first] = cells;
  if (!first) return "";
  const title = first.known?.title ?? inCommon(cells.map(({ reason }) => reason));
  return title || first.status;
}

/** The words that all sentences share; `…` stands for what they do not. */
function inCommon(sentences: readonly string[]): string {
  const split = sentences.map((sentence) =>
    sentence
      .trim()
      .split(/\s+/)
      .slice(0, LENGTH / 4),
  );
  const [first = [], ...others] = split;
  if (others.some(({ length }) => length !== first.length)) return first.join(" ");
  const shared = first.map((word, at) => (others.every((own) => own[at] === word) ? word : "…"));
  return shared.filter((word, at) => word !== "…" || shared[at - 1] !== "…").join(" ");
}
