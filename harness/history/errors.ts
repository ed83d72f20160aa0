import { messageOf, XenloopError } from "../base/error.ts";

export class HistoryUnreadable extends XenloopError {
  constructor(path: string, cause: unknown) {
    super(`the history ${path} cannot be read: ${messageOf(cause)}`, {
      code: "HISTORY_UNREADABLE",
      kind: "usage",
      hint: "name the history.jsonl of a runs directory, or the directory of a run",
      cause,
    });
  }
}

export class HistoryUnwritable extends XenloopError {
  constructor(path: string, cause: unknown) {
    super(`the history ${path} cannot be written: ${messageOf(cause)}`, {
      code: "HISTORY_UNWRITABLE",
      kind: "infra",
      hint: "free space or name another place with --out DIR; the run's own files are complete",
      cause,
    });
  }
}
