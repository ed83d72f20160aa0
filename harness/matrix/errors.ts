import { messageOf, XenloopError } from "../base/error.ts";
import { quoteArgv } from "../base/process-errors.ts";

function some(items: readonly string[], limit = 5): string {
  const more = items.length - limit;
  return items.slice(0, limit).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

export class ShardInvalid extends XenloopError {
  constructor(text: string) {
    super(`"${text}" does not name a shard`, {
      code: "SHARD_INVALID",
      kind: "usage",
      hint: "--shard 1/4 is the first of four",
    });
  }
}

export class TooManyShards extends XenloopError {
  constructor(count: number, possible: number) {
    super(`${count} shards are asked for, and the cells fill ${possible}`, {
      code: "TOO_MANY_SHARDS",
      kind: "usage",
      hint: `./xenloop matrix plan --shards ${possible}`,
    });
  }
}

export class PlanUnreadable extends XenloopError {
  constructor(path: string, what: string, cause?: unknown) {
    super(`${path} is not the plan of a matrix: ${what}`, {
      code: "PLAN_UNREADABLE",
      kind: "usage",
      hint: `./xenloop matrix plan --shards 4 --json >${quoteArgv([path])}`,
      cause,
    });
  }
}

/** The plan was made by another checkout, or for other scenario files. */
export class PlanStale extends XenloopError {
  constructor(path: string, cells: readonly string[]) {
    super(`${path} names cells that are not here: ${some(cells)}`, {
      code: "PLAN_STALE",
      kind: "usage",
      hint: `check out the commit that planned, or ./xenloop matrix plan --shards 4 --json >${quoteArgv([path])}`,
    });
  }
}

export class RunNotFound extends XenloopError {
  constructor(wanted: string, runs: string, newest: readonly string[]) {
    super(`there is no run "${wanted}" in ${runs}`, {
      code: "RUN_NOT_FOUND",
      kind: "usage",
      hint:
        newest.length === 0
          ? "./xenloop run (no run is there yet)"
          : `name one of them: ${newest.join(", ")}, or the path of its directory`,
    });
  }
}

export class ResultUnreadable extends XenloopError {
  constructor(path: string, cause: unknown) {
    super(`the result ${path} cannot be read: ${messageOf(cause)}`, {
      code: "RESULT_UNREADABLE",
      kind: "usage",
      hint: "name another run, or run again",
      cause,
    });
  }
}

/** `--last-failed` or `--rerun` of a run in which every cell passed or was skipped. */
export class NothingFailed extends XenloopError {
  constructor(run: string) {
    super(`no cell of the run ${run} failed`, {
      code: "NOTHING_FAILED",
      kind: "usage",
      hint: "./xenloop run (runs every scenario again)",
    });
  }
}

export class NoRunToMerge extends XenloopError {
  constructor(directory: string) {
    super(`${directory} holds no run: there is no events.jsonl in it or up to three levels below`, {
      code: "NO_RUN_TO_MERGE",
      kind: "usage",
      hint: "name the directories of the shards' runs, such as runs/20260301-020000-a1b2",
    });
  }
}

export class MergeTargetTaken extends XenloopError {
  constructor(path: string) {
    super(`${path} is not empty, and a merged run needs a directory of its own`, {
      code: "MERGE_TARGET_TAKEN",
      kind: "usage",
      hint: "give --out a new directory",
    });
  }
}

export class CellTwice extends XenloopError {
  constructor(cell: string, first: string, second: string) {
    super(`${cell} is in ${first} and in ${second}`, {
      code: "CELL_TWICE",
      kind: "usage",
      hint: "leave one of the two runs out",
    });
  }
}

/** The shards are not parts of one run: other packages, other code or another plan. */
export class ShardsMixed extends XenloopError {
  readonly differences: readonly string[];

  constructor(differences: readonly string[]) {
    super(`the shards are not of one run:\n  ${differences.join("\n  ")}`, {
      code: "SHARDS_MIXED",
      kind: "usage",
      hint: "run the odd ones again, or add --allow-mixed to have this said in the report",
    });
    this.differences = differences;
  }
}

export class ShardsMissing extends XenloopError {
  constructor(missing: readonly string[]) {
    super(`shards are missing: ${some(missing)}`, {
      code: "SHARDS_MISSING",
      kind: "usage",
      hint: "name their directories too, or add --allow-missing to have this said in the report",
    });
  }
}

export class EvidenceOutside extends XenloopError {
  constructor(directory: string, path: string) {
    super(`the run ${directory} names evidence outside of its directory: ${path}`, {
      code: "EVIDENCE_OUTSIDE",
      kind: "usage",
      hint: "do not trust that run: no harness writes such a path",
    });
  }
}
