import { XenloopError } from "../base/error.ts";

/** The directory for results is full or not writable. */
export class RunDirectoryUnusable extends XenloopError {
  constructor(path: string, cause: unknown) {
    super(`results cannot be written to ${path}`, {
      code: "RUN_DIRECTORY_UNUSABLE",
      kind: "infra",
      hint: "free some space, or choose another place with --out DIR",
      cause,
    });
  }
}
