/** Who has to act on an error: it decides the exit code and the cell's status. */
export type ErrorKind = "usage" | "infra" | "assertion";

export interface XenloopErrorOptions {
  /** Stable, documented identifier such as `IMAGE_CORRUPT`. */
  code: string;
  kind: ErrorKind;
  /** The next command to type, or the edit to make. */
  hint?: string;
  cause?: unknown;
}

/**
 * Base of every failure a user can meet. Subclasses fix `code`, `kind` and the
 * wording; nothing user-visible is thrown as a bare `Error`.
 */
export class XenloopError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint: string | undefined;

  constructor(message: string, options: XenloopErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.kind = options.kind;
    this.hint = options.hint;
  }
}

/** What a result keeps of an error that ended its work. */
export interface Failure {
  message: string;
  code: string;
  hint?: string;
}

/** An error of ours as it is; any other is a mistake of the harness. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof XenloopError)) {
    return { message: `harness: ${messageOf(error)}`, code: "HARNESS" };
  }
  const { message, code, hint } = error;
  return { message, code, ...(hint !== undefined && { hint }) };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
