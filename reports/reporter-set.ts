import { join, resolve } from "node:path";
import { XenloopError } from "../harness/base/error.ts";
import type { RunResult } from "../harness/events/result.ts";
import type { RunEvent } from "../harness/events/schema.ts";
import { ReporterFailed } from "./errors.ts";
import { targetOf, type ReporterChoice } from "./registry.ts";
import type { Reporter, ReporterOptions, TerminalStream } from "./reporter.ts";

export interface ReporterPlace {
  /** Where the default files go. */
  runDir: string;
  /** The run directory as the user would type it, such as `runs/latest`. */
  shownDir: string;
  cwd: string;
  stdout: TerminalStream;
  env: Readonly<Record<string, string | undefined>>;
  /** For tests; the real time otherwise. */
  now?: () => number;
  /** Milliseconds; a minute unless told. */
  heartbeatMs?: number;
}

/** The reporters of one run. One that throws is left out; the run and the others go on. */
export class ReporterSet {
  readonly #failures = new Map<Reporter, XenloopError>();
  readonly #reporters: ReadonlyMap<Reporter, string>;

  private constructor(reporters: ReadonlyMap<Reporter, string>) {
    this.#reporters = reporters;
  }

  static async create(choices: readonly ReporterChoice[], place: ReporterPlace) {
    const shared: Omit<ReporterOptions, "path"> = {
      stdout: place.stdout,
      env: place.env,
      runDir: resolve(place.cwd, place.runDir),
      shownDir: place.shownDir,
      shownFiles: choices.flatMap((choice) => shownFile(choice, place.shownDir)),
      now: place.now ?? Date.now,
      heartbeatMs: place.heartbeatMs ?? 60_000,
    };
    const reporters = new Map<Reporter, string>();
    for (const choice of choices) {
      const { definition } = choice;
      const path = targetOf(choice, place);
      reporters.set(await definition.create({ ...shared, path }), definition.name);
    }
    return new ReporterSet(reporters);
  }

  get printsToTerminal(): boolean {
    return [...this.#reporters.keys()].some((reporter) => reporter.printsToTerminal);
  }

  /** A listener for the event bus; never throws. */
  readonly onEvent = (event: RunEvent): void => {
    for (const [reporter, name] of this.#reporters) {
      if (this.#failures.has(reporter)) continue;
      try {
        reporter.onEvent(event);
      } catch (error) {
        this.#fail(reporter, name, error);
      }
    }
  };

  /**
   * Writes what is left to write; resolves to what went wrong in any reporter. Files come before
   * the terminal, which must not name an exit code that a file will change.
   * @param broken the result as it is told once something cannot be written
   */
  async finish(
    result: RunResult,
    broken: (result: RunResult) => RunResult = (same) => same,
  ): Promise<XenloopError[]> {
    const filesFirst = [...this.#reporters].sort(
      ([a], [b]) => Number(a.printsToTerminal) - Number(b.printsToTerminal),
    );
    for (const [reporter, name] of filesFirst) {
      if (this.#failures.has(reporter)) continue;
      try {
        await reporter.finish(this.#failures.size > 0 ? broken(result) : result);
      } catch (error) {
        this.#fail(reporter, name, error);
      }
    }
    return [...this.#failures.values()];
  }

  #fail(reporter: Reporter, name: string, error: unknown): void {
    this.#failures.set(
      reporter,
      error instanceof XenloopError ? error : new ReporterFailed(name, error),
    );
  }
}

function shownFile({ definition, path }: ReporterChoice, shownDir: string): string[] {
  if (path !== undefined) return [path];
  return definition.defaultPath === undefined ? [] : [join(shownDir, definition.defaultPath)];
}
