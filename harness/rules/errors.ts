import { XenloopError } from "../base/error.ts";

/** A version that neither Xen, libvirt nor Debian would write. */
export class VersionUnreadableError extends XenloopError {
  constructor(text: string) {
    super(`"${text}" is no version`, {
      code: "VERSION_UNREADABLE",
      kind: "usage",
      hint: "write it as 4.17.5, 4.20-rc3, 4.20.4-pre or as the Debian package does, 4.17.5+72-g01140da4e8-1",
    });
  }
}

/** A range that is not `>=4.14 <4.20` or several of them joined by `||`. */
export class RangeUnreadableError extends XenloopError {
  constructor(range: string, part: string) {
    super(`"${part}" in the version range "${range}" is no comparison`, {
      code: "VERSION_RANGE_UNREADABLE",
      kind: "usage",
      hint: "write comparisons such as >=4.14 <4.20, and join alternatives by ||",
    });
  }
}

/** A live host's answer lacks the line that tells the version. */
export class HostVersionMissingError extends XenloopError {
  constructor(line: string, command: string) {
    super(`the answer of \`${command}\` in dom0 has no line "${line}"`, {
      code: "HOST_VERSION_MISSING",
      kind: "infra",
      hint: `run \`${command}\` in dom0 and look at what it says`,
    });
  }
}
