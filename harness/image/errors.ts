import { XenloopError } from "../base/error.ts";

/** A store entry whose bytes are not those that were built. */
export class ImageCorrupt extends XenloopError {
  constructor(entry: string, file: string, cause?: unknown) {
    super(`${entry} in the image store is damaged: ${file} does not match its checksum`, {
      code: "IMAGE_CORRUPT",
      kind: "infra",
      hint: "xenloop image build (a damaged entry is rebuilt)",
      cause,
    });
  }
}

/** A store entry that turned out to be of no use, although its bytes may be right. */
export class EntryGivenUp extends XenloopError {
  constructor(entry: string, why: string) {
    super(`${entry} in the image store is given up: ${why}`, {
      code: "ENTRY_GIVEN_UP",
      kind: "infra",
      hint: "xenloop run (what was given up is made anew)",
    });
  }
}

/** Packages of the lock that neither the archive nor the package cache has any more. */
export class PackagesGone extends XenloopError {
  constructor(host: string, gone: readonly string[]) {
    super(
      `${gone.length} package(s) of the lock of ${host} are gone from the archive and not in the cache:\n  ${gone.join("\n  ")}`,
      {
        code: "PACKAGES_GONE",
        kind: "infra",
        hint: renewal(host),
      },
    );
  }
}

/** A builder's lock is renewed by way of a host of its release. */
function renewal(name: string): string {
  const [, release, kind] = /^(.+)\.((?:xen-)?builder)$/.exec(name) ?? [];
  if (release !== undefined) return `xenloop image lock HOST --${kind}, of a HOST of ${release}`;
  return `xenloop image lock ${name} (or set hosts.${name}.snapshot to an archive of that date)`;
}

/** A download whose size or SHA-256 is not what the signed index or the lock says. */
export class PackageCorrupt extends XenloopError {
  constructor(file: string, detail: string, cause?: unknown) {
    super(`package ${file} is damaged: ${detail}`, {
      code: "PACKAGE_CORRUPT",
      kind: "infra",
      hint: "run the same command again; the damaged download was removed",
      cause,
    });
  }
}

export class ArchiveUnreachable extends XenloopError {
  constructor(host: string, detail: string, cause?: unknown) {
    super(`the package archive for ${host} does not answer: ${detail}`, {
      code: "ARCHIVE_UNREACHABLE",
      kind: "infra",
      hint: `check the network, or set hosts.${host}.mirror in xenloop.config.yaml`,
      cause,
    });
  }
}

export class ImageBuildFailed extends XenloopError {
  constructor(step: string, detail: string, hint = "xenloop doctor", cause?: unknown) {
    super(`building the image fails in ${step}: ${detail}`, {
      code: "IMAGE_BUILD_FAILED",
      kind: "infra",
      hint,
      cause,
    });
  }
}

/** The disk under the cache is full. */
export class StoreFull extends XenloopError {
  constructor(directory: string, cause?: unknown) {
    super(`no space is left for images in ${directory}`, {
      code: "STORE_FULL",
      kind: "infra",
      hint: "xenloop clean, or point XENLOOP_CACHE at a larger disk",
      cause,
    });
  }
}

export class LockInvalid extends XenloopError {
  constructor(file: string, detail: string) {
    super(`${file} is not a lock of this version: ${detail}`, {
      code: "LOCK_INVALID",
      kind: "usage",
      hint: "xenloop image lock HOST",
    });
  }
}

/** A host that runs elsewhere has no image here. */
export class HostHasNoImage extends XenloopError {
  constructor(host: string) {
    super(`host ${host} is not built here: there is no image of it`, {
      code: "HOST_HAS_NO_IMAGE",
      kind: "usage",
      hint: "name a host of images/hosts/; xenloop list shows them",
    });
  }
}

const FULL = /no space left on device|not enough free space|don't have enough free space/i;

/** Whether a full disk is behind an error, be it ours or what a tool said last. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" || FULL.test(error.message) || isDiskFull(error.cause);
}
