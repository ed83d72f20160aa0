import { XenloopError } from "../base/error.ts";

/** A file of scenarios/known-issues/ does not define an issue. */
export class KnownIssueInvalid extends XenloopError {
  constructor(file: string, what: string, cause?: unknown) {
    super(`the known issue ${file} cannot be used: ${what}`, {
      code: "KNOWN_ISSUE_INVALID",
      kind: "usage",
      hint: `edit ${file}; harness/spec/known-issue.ts documents each field`,
      cause,
    });
  }
}

export class KnownIssueUnknown extends XenloopError {
  constructor(id: string, suggestion: string | undefined) {
    const guess = suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
    super(`there is no known issue "${id}"${guess}`, {
      code: "KNOWN_ISSUE_UNKNOWN",
      kind: "usage",
      hint: "./xenloop known list shows them all",
    });
  }
}

export class NotReproducible extends XenloopError {
  constructor(id: string, why: string) {
    super(`${id} has no reproducer: ${why}`, {
      code: "NOT_REPRODUCIBLE",
      kind: "usage",
      hint: `./xenloop known show ${id}`,
    });
  }
}

export class ObservationsUnreadable extends XenloopError {
  constructor(path: string, cause: unknown) {
    super(`the observations in ${path} cannot be read`, {
      code: "OBSERVATIONS_UNREADABLE",
      kind: "usage",
      hint: `delete ${path}, and let ./xenloop known record RUN write it again`,
      cause,
    });
  }
}
