import { messageOf, XenloopError } from "../base/error.ts";
import { EVENTS_VERSION } from "./schema.ts";

/** The event file cannot be created or written, for instance on a full disk. */
export class EventsUnwritable extends XenloopError {
  constructor(path: string, cause: unknown) {
    const full = codeOf(cause) === "ENOSPC" || codeOf(cause) === "EDQUOT";
    super(
      full
        ? `the disk is full: an event does not fit into ${path}`
        : `the event file ${path} cannot be written: ${messageOf(cause)}`,
      {
        code: "EVENTS_UNWRITABLE",
        kind: "infra",
        hint: full
          ? "xenloop clean (or name another place with --out DIR)"
          : "name a writable place with --out DIR",
        cause,
      },
    );
  }
}

/** The event file cannot be opened or read. */
export class EventsUnreadable extends XenloopError {
  constructor(path: string, cause: unknown) {
    super(`the event file ${path} cannot be read: ${messageOf(cause)}`, {
      code: "EVENTS_UNREADABLE",
      kind: "usage",
      hint: "name the directory of a run, such as runs/latest",
      cause,
    });
  }
}

/** The events come from a newer version of the program than this one. */
export class EventsTooNew extends XenloopError {
  constructor(source: string, version: number) {
    super(
      `${source} holds events of version ${version}; this program reads up to version ${EVENTS_VERSION}`,
      { code: "EVENTS_TOO_NEW", kind: "usage", hint: "git pull (a newer version reads this file)" },
    );
  }
}

/** A line before the last is not an event; only the last one can be torn by a crash. */
export class EventsCorrupt extends XenloopError {
  constructor(source: string, line: number, detail: string, cause?: unknown) {
    super(`line ${line} of ${source} is not an event: ${detail}`, {
      code: "EVENTS_CORRUPT",
      kind: "infra",
      hint: `sed -n ${line}p '${source}' (the run's other evidence lies beside it)`,
      cause,
    });
  }
}

/** There is nothing to make a result of: the run ended before its first event. */
export class EventsWithoutRun extends XenloopError {
  constructor() {
    super("the events do not say which run they belong to: there is no run-started event", {
      code: "EVENTS_WITHOUT_RUN",
      kind: "infra",
      hint: "run again; the run was killed before it wrote its first event",
    });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
