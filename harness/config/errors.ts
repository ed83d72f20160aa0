import { XenloopError } from "../base/error.ts";

export interface ConfigProblem {
  /** `xenloop.config.yaml:3:5`, `$XENLOOP_JOBS` or `--jobs`. */
  where: string;
  /** One clause: what is wrong, and what would be right. */
  what: string;
}

/** A setting in the file, the environment or an option is not usable; lists all of them at once. */
export class ConfigInvalid extends XenloopError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], hint = SCHEMA_HINT) {
    const lines = problems.map(({ where, what }) => `${where}: ${what}`);
    const [only] = lines;
    const message =
      lines.length === 1
        ? only!
        : `the configuration has ${lines.length} mistakes:\n  ${lines.join("\n  ")}`;
    super(message, { code: "CONFIG_INVALID", kind: "usage", hint });
    this.problems = problems;
  }
}

const SCHEMA_HINT = "correct it there; `./xenloop config schema` lists every key with its meaning";

export class ConfigUnreadable extends XenloopError {
  constructor(path: string, cause: unknown) {
    super(`cannot read the configuration ${path}: ${reason(cause)}`, {
      code: "CONFIG_UNREADABLE",
      kind: "usage",
      hint: "give an existing file to --config, or leave it out: every setting has a default",
      cause,
    });
  }
}

export class HostUnknown extends XenloopError {
  constructor(name: string, known: readonly string[], suggestion: string | undefined) {
    const guess = suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
    super(`there is no host named "${name}"${guess}`, {
      code: "HOST_UNKNOWN",
      kind: "usage",
      hint: `the hosts are ${known.join(", ") || "none"}; a new one is a file images/hosts/${name}.ts`,
    });
  }
}

export class HostSpecInvalid extends XenloopError {
  constructor(file: string, what: string, cause?: unknown) {
    super(`the host file ${file} is not usable: ${what}`, {
      code: "HOST_SPEC_INVALID",
      kind: "usage",
      hint: `edit ${file}; harness/spec/host-spec.ts documents each field`,
      cause,
    });
  }
}

function reason(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a directory";
  return cause instanceof Error ? cause.message : String(cause);
}
