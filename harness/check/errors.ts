import { XenloopError } from "../base/error.ts";

/** What was built does not serve on a host: its daemon does not come up. */
export class BuildDoesNotServe extends XenloopError {
  constructor(what: string, detail: string, cause?: unknown) {
    super(`libvirtd: with ${what} it does not answer after a restart: ${detail}`, {
      code: "BUILD_DOES_NOT_SERVE",
      kind: "assertion",
      hint: "read journal.txt in the evidence",
      cause,
    });
  }
}
