import { styleText } from "node:util";
import { XenloopError } from "../base/error.ts";
import { exitCode, type ExitName } from "../events/exit-code.ts";
import { Interrupted, PathUnusable } from "./errors.ts";

const EXIT_NAMES: Record<XenloopError["kind"], ExitName> = {
  usage: "usage",
  infra: "error",
  assertion: "failed",
};

export function exitCodeOfError(error: unknown): number {
  if (error instanceof Interrupted) return exitCode("interrupted");
  return exitCode(error instanceof XenloopError ? EXIT_NAMES[error.kind] : "error");
}

/** What a person reads on standard error: the sentence, its code, and what to do next. */
export function formatError(
  thrown: unknown,
  options: { color: boolean; verbose: boolean },
): string {
  const error = PathUnusable.of(thrown) ?? thrown;
  const red = (text: string) => (options.color ? styleText("red", text) : text);
  const dim = (text: string) => (options.color ? styleText("dim", text) : text);
  if (!(error instanceof XenloopError)) {
    const text = error instanceof Error ? error.message : String(error);
    const hint = "add -v for the stack; this is a mistake in xenloop itself, please report it";
    const stack = error instanceof Error ? error.stack : undefined;
    const more = options.verbose ? dim(causes(stack ?? text, error)) : `  → ${hint}`;
    return `${red("xenloop:")} unexpected error: ${text} ${dim("[UNEXPECTED]")}\n${more}\n`;
  }
  const lines = [`${red("xenloop:")} ${error.message} ${dim(`[${error.code}]`)}`];
  if (error.hint !== undefined) lines.push(`  → ${error.hint}`);
  if (options.verbose) lines.push(dim(causes(error.stack ?? "", error)));
  return `${lines.join("\n")}\n`;
}

function causes(stack: string, error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause === undefined) return stack;
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : JSON.stringify(cause);
  return causes(`${stack}\ncaused by: ${text}`, cause);
}
