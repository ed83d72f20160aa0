import { XenloopError } from "../base/error.ts";

export class BenchPartUnknown extends XenloopError {
  constructor(word: string, known: readonly string[]) {
    super(`bench has no part "${word}"; there are ${known.join(", ")}`, {
      code: "BENCH_PART_UNKNOWN",
      kind: "usage",
      hint: "xenloop bench --help",
    });
  }
}

/** Times of runs that did not pass say nothing. */
export class BenchRunFailed extends XenloopError {
  constructor(how: string, cells: readonly string[]) {
    super(`the scenario set does not pass ${how}: ${cells.join(", ")}`, {
      code: "BENCH_RUN_FAILED",
      kind: "infra",
      hint: "xenloop run --tags smoke",
    });
  }
}
