import { XenloopError } from "../base/error.ts";

/** Files of a build that are put on a host. */
export interface Dressing {
  /** For people. */
  title: string;
  /** It has no patch in it. */
  isBase: boolean;
}

/**
 * What was built does not serve on a host: its daemon does not come up. Without any patch that
 * says nothing of the change.
 */
export class BuildDoesNotServe extends XenloopError {
  constructor({ title, isBase }: Dressing, detail: string, cause?: unknown) {
    super(`libvirtd: with ${title} it does not answer after a restart: ${detail}`, {
      code: "BUILD_DOES_NOT_SERVE",
      kind: isBase ? "infra" : "assertion",
      hint: "read journal.txt in the evidence",
      cause,
    });
  }
}

/** Files of a build do not get onto a host, which is no fault of theirs. */
export class BuildNotPut extends XenloopError {
  constructor({ title }: Dressing, cause: Error) {
    super(`${title} cannot be put on a host: ${cause.message}`, {
      code: "BUILD_NOT_PUT",
      kind: "infra",
      cause,
      hint: "look for a full disk: xenloop shell HOST -- df -h /",
    });
  }
}

/** Xen's hypervisor, tools and device models are of one release. */
export class OtherXen extends XenloopError {
  constructor(host: string, own: string, built: string) {
    super(`${host} has Xen ${own}, and the source is of Xen ${built}`, {
      code: "OTHER_XEN",
      kind: "infra",
      hint: "name the branch of the host's release, or a host of the source's with --host",
    });
  }
}
