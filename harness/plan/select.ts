import { nearest } from "../base/nearest.ts";
import { parseCellId, sameCell, type CellAddress } from "./cell.ts";
import { GrepInvalid, ScenarioUnknown } from "./errors.ts";
import type { Scenario } from "./scenario-registry.ts";
import { parseTags } from "./tags.ts";

export interface Selection {
  /** Ids, parts of ids, or cell ids; every scenario when empty. */
  names?: readonly string[] | undefined;
  /** Regular expression on `id title`, letter case ignored. */
  grep?: string | undefined;
  /** Tag expression. */
  tags?: string | undefined;
  /** Tags known beside those the scenarios carry. */
  declaredTags?: readonly string[] | undefined;
}

export interface Selected {
  scenarios: Scenario[];
  /** Whether a cell of a selected scenario is meant: false only when cell ids name others of it. */
  wants(cell: CellAddress): boolean;
}

/**
 * The scenarios that every given filter lets through, in their usual order.
 * @throws ScenarioUnknown | TagUnknown | TagExpressionInvalid | GrepInvalid
 */
export function select(scenarios: readonly Scenario[], selection: Selection = {}): Selected {
  const { names = [], grep, tags, declaredTags = [] } = selection;
  const known = tagsOf(scenarios, declaredTags);
  const byTags = tags === undefined ? () => true : parseTags(tags, known);
  const pattern = grep === undefined ? undefined : compile(grep);
  const cells = names.filter((name) => name.includes("[")).map(parseCellId);
  const named = namedScenarios(scenarios, names);
  const whole = new Set(named.filter(({ cell }) => cell === undefined).flatMap(({ ids }) => ids));
  const ids = new Set(named.flatMap((name) => name.ids));

  return {
    scenarios: scenarios.filter(
      ({ meta }) =>
        (names.length === 0 || ids.has(meta.id)) &&
        byTags(meta.tags) &&
        (pattern === undefined || pattern.test(`${meta.id} ${meta.title}`)),
    ),
    wants: (cell) =>
      names.length === 0 ||
      whole.has(cell.scenario) ||
      cells.some((wanted) => sameCell(wanted, cell)),
  };
}

/** Every tag that may be named, sorted. */
export function tagsOf(scenarios: readonly Scenario[], declared: readonly string[] = []): string[] {
  return [...new Set([...scenarios.flatMap(({ meta }) => meta.tags), ...declared])].sort();
}

interface Named {
  ids: string[];
  cell?: CellAddress;
}

function namedScenarios(scenarios: readonly Scenario[], names: readonly string[]): Named[] {
  const known = scenarios.map(({ meta }) => meta.id);
  return names.map((name) => {
    const cell = name.includes("[") ? parseCellId(name) : undefined;
    const wanted = cell?.scenario ?? name;
    // An exact name means itself alone, though it may be part of another.
    // An empty one, of a variable that is not set, is part of all and means none.
    const holds = (id: string) => cell === undefined && wanted !== "" && id.includes(wanted);
    const ids = known.includes(wanted) ? [wanted] : known.filter(holds);
    if (ids.length === 0) throw new ScenarioUnknown(wanted, known, nearest(wanted, known));
    return cell === undefined ? { ids } : { ids, cell };
  });
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "iu");
  } catch (error) {
    throw new GrepInvalid(pattern, error);
  }
}
