import { XenloopError } from "../base/error.ts";

function guess(suggestion: string | undefined): string {
  return suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
}

export class CellIdInvalid extends XenloopError {
  constructor(id: string) {
    super(`"${id}" is not the id of a cell`, {
      code: "CELL_ID_INVALID",
      kind: "usage",
      hint: "write scenario[host] or scenario[host,axis=value], as `./xenloop run --dry-run` prints them",
    });
  }
}

export class ScenarioUnknown extends XenloopError {
  constructor(name: string, known: readonly string[], suggestion: string | undefined) {
    super(`no scenario's name is or holds "${name}"${guess(suggestion)}`, {
      code: "SCENARIO_UNKNOWN",
      kind: "usage",
      hint: `./xenloop list shows the ${known.length} scenarios`,
    });
  }
}

export class ScenarioInvalid extends XenloopError {
  constructor(file: string, what: string, cause?: unknown) {
    super(`the scenario ${file} cannot be used: ${what}`, {
      code: "SCENARIO_INVALID",
      kind: "usage",
      hint: `edit ${file}; harness/spec/scenario-meta.ts documents each field`,
      cause,
    });
  }
}

export class TagUnknown extends XenloopError {
  constructor(tag: string, known: readonly string[], suggestion: string | undefined) {
    super(`no scenario carries the tag "${tag}"${guess(suggestion)}`, {
      code: "TAG_UNKNOWN",
      kind: "usage",
      hint: `the tags are ${known.join(", ") || "none"}; declare others under \`tags:\` in xenloop.config.yaml`,
    });
  }
}

export class TagExpressionInvalid extends XenloopError {
  /** @param column where it stops making sense, from 1 */
  constructor(expression: string, column: number, expected: string) {
    super(`the tag expression "${expression}" expects ${expected} at column ${column}`, {
      code: "TAG_EXPRESSION_INVALID",
      kind: "usage",
      hint: "write tags with !, &&, || and parentheses, such as 'pv && !slow'; a comma means ||",
    });
  }
}

export class GrepInvalid extends XenloopError {
  constructor(pattern: string, cause: unknown) {
    super(`--grep "${pattern}" is not a regular expression`, {
      code: "GREP_INVALID",
      kind: "usage",
      hint: "quote the pattern for the shell, and escape ( [ * + ? by a backslash to mean themselves",
      cause,
    });
  }
}

export class VersionRangeInvalid extends XenloopError {
  constructor(range: string) {
    super(`"${range}" is not a version range`, {
      code: "VERSION_RANGE_INVALID",
      kind: "usage",
      hint: "write comparisons that all must hold, such as >=4.17 or >=4.14 <4.20",
    });
  }
}
