import { messageOf, XenloopError } from "../base/error.ts";

export class ReplayUnreachable extends XenloopError {
  constructor(address: string, what: string, cause?: unknown) {
    super(`${address} cannot be fetched: ${what}`, {
      code: "REPLAY_UNREACHABLE",
      kind: "infra",
      hint: "for an artifact of GitHub set GITHUB_TOKEN, or download it and name the file",
      cause,
    });
  }
}

export class ReplayUnreadable extends XenloopError {
  constructor(path: string, cause: unknown) {
    super(`${path} is not a recorded run: ${messageOf(cause)}`, {
      code: "REPLAY_UNREADABLE",
      kind: "usage",
      hint: "name a run directory, a zip of one, or the address of such a zip",
      cause,
    });
  }
}

export class CellNotInRun extends XenloopError {
  constructor(cell: string, where: string, cells: readonly string[]) {
    const shown = cells.slice(0, 5).map((id) => `'${id}'`);
    super(`${where} has no cell "${cell}"`, {
      code: "CELL_NOT_IN_RUN",
      kind: "usage",
      hint: shown.length > 0 ? `name one of them: ${shown.join(", ")}` : "name another run",
    });
  }
}

/** The files that the run kept of its own making are not what its events say, or not valid. */
export class InputsDamaged extends XenloopError {
  constructor(path: string, what: string, cause?: unknown) {
    super(`${path} is not what the run was made from: ${what}`, {
      code: "INPUTS_DAMAGED",
      kind: "usage",
      hint: "do not trust that run: no harness writes such a file; replay from the original artifact",
      cause,
    });
  }
}
