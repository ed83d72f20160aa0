import { messageOf, XenloopError } from "../harness/base/error.ts";
import { nearest } from "../harness/base/nearest.ts";

/** `--reporter` names a reporter that does not exist. */
export class UnknownReporter extends XenloopError {
  constructor(name: string, known: readonly string[]) {
    const near = nearest(name, known);
    super(`there is no reporter ${JSON.stringify(name)}; there are ${known.join(", ")}`, {
      code: "UNKNOWN_REPORTER",
      kind: "usage",
      hint: `--reporter ${near ?? known.join(",")}`,
    });
  }
}

/** A reporter that writes a file was not told which. */
export class ReporterPathMissing extends XenloopError {
  constructor(name: string) {
    super(`the reporter ${name} is given no path`, {
      code: "REPORTER_PATH_MISSING",
      kind: "usage",
      hint: `--reporter ${name}=PATH`,
    });
  }
}

/** A path was given to a reporter that writes to the terminal only. */
export class ReporterTakesNoPath extends XenloopError {
  constructor(name: string, path: string) {
    super(`the reporter ${name} writes to the terminal and takes no path, not ${path}`, {
      code: "REPORTER_TAKES_NO_PATH",
      kind: "usage",
      hint: `--reporter ${name}`,
    });
  }
}

/** Two reporters would write over each other, in one file or on the terminal. */
export class ReporterConflict extends XenloopError {
  constructor(first: string, second: string, place: string) {
    super(`the reporters ${first} and ${second} both write to ${place}`, {
      code: "REPORTER_CONFLICT",
      kind: "usage",
      hint: `--reporter ${first} (or give ${second} another path)`,
    });
  }
}

/** A report file cannot be written. */
export class ReportUnwritable extends XenloopError {
  constructor(path: string, cause: unknown) {
    super(`the report ${path} cannot be written: ${messageOf(cause)}`, {
      code: "REPORT_UNWRITABLE",
      kind: "infra",
      hint: "free some space, or name a writable place, as in --reporter junit=PATH",
      cause,
    });
  }
}

/** A reporter threw; it was left out from then on, the others went on. */
export class ReporterFailed extends XenloopError {
  constructor(name: string, cause: unknown) {
    super(`the reporter ${name} fails: ${messageOf(cause)}`, {
      code: "REPORTER_FAILED",
      kind: "infra",
      hint: "read events.jsonl and result.json instead; they hold the whole run",
      cause,
    });
  }
}
