import { messageOf, XenloopError } from "../base/error.ts";

function guess(suggestion: string | undefined): string {
  return suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
}

export class CommandUnknown extends XenloopError {
  /** @param parent `xenloop`, or the command whose subcommand is meant */
  constructor(parent: string, word: string, suggestion: string | undefined) {
    super(`${parent} has no command "${word}"${guess(suggestion)}`, {
      code: "COMMAND_UNKNOWN",
      kind: "usage",
      hint: suggestion === undefined ? `${parent} --help` : `${parent} ${suggestion}`,
    });
  }
}

export class OptionUnknown extends XenloopError {
  constructor(option: string, command: string, suggestion: string | undefined) {
    super(`${command} has no option ${option}${guess(suggestion)}`, {
      code: "OPTION_UNKNOWN",
      kind: "usage",
      hint: `${command} --help`,
    });
  }
}

/** A value is missing, too many, or not what the option or argument takes. */
export class UsageInvalid extends XenloopError {
  constructor(what: string, command: string) {
    super(what, { code: "USAGE_INVALID", kind: "usage", hint: `${command} --help` });
  }
}

export class RevisionUnknown extends XenloopError {
  constructor(revision: string, cause: unknown) {
    super(
      `git cannot compare this checkout with ${JSON.stringify(revision)}: ${messageOf(cause)}`,
      {
        code: "REVISION_UNKNOWN",
        kind: "usage",
        hint: "git log --oneline   (git fetch --unshallow, where the history is cut off)",
        cause,
      },
    );
  }
}

export class PackagesMissing extends XenloopError {
  constructor(packages: readonly string[], command: string) {
    super(`Debian packages are missing: ${packages.join(", ")}`, {
      code: "PACKAGES_MISSING",
      kind: "infra",
      hint: `${command}   (or add --yes, and xenloop runs it)`,
    });
  }
}

export class PackagesNotInstalled extends XenloopError {
  constructor(packages: readonly string[], command: string, cause: unknown) {
    super(`apt-get does not install ${packages.join(", ")}`, {
      code: "PACKAGES_NOT_INSTALLED",
      kind: "infra",
      hint: command,
      cause,
    });
  }
}

const REFUSALS: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the disk",
  EDQUOT: "the quota of disk space is used up",
  ENOTDIR: "a part of the path is a file",
  ENAMETOOLONG: "the name is too long",
};

/** The machine refuses a file or directory that the user, or a default, has named. */
export class PathUnusable extends XenloopError {
  /** Of an error of the file system that says what it is about; undefined for any other. */
  static of(error: unknown): PathUnusable | undefined {
    const { code = "", path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
    const why = REFUSALS[code];
    if (why === undefined || path === undefined) return undefined;
    return new PathUnusable(path, `${syscall ?? "access"}: ${why}`, error);
  }

  private constructor(path: string, why: string, cause: unknown) {
    super(`${path} cannot be used: ${why}`, {
      code: "PATH_UNUSABLE",
      kind: "infra",
      hint: "free or repair it, or choose other places with --cache DIR and --out DIR",
      cause,
    });
  }
}

/** SIGINT or SIGTERM; the reason of the context's abort signal. */
export class Interrupted extends XenloopError {
  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`, { code: "INTERRUPTED", kind: "infra" });
  }
}
