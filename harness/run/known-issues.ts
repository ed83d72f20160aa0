import { messageOf } from "../base/error.ts";
import type { EventBus } from "../events/bus.ts";
import type { PlannedCell } from "../events/schema.ts";
import { wentWrong, type AttemptStatus } from "../events/status.ts";
import { explain, type Traces } from "../known/match.ts";
import { expectedOn } from "../known/prediction.ts";
import { loadKnownIssues, type KnownIssueFile } from "../known/registry.ts";

/** Says which known issue an attempt that did not pass shows, and which has stopped happening. */
export class KnownIssues {
  readonly #bus: EventBus;
  #files: Promise<KnownIssueFile[]> | undefined;

  constructor(bus: EventBus) {
    this.#bus = bus;
  }

  /** Loads the issues when first needed. Never throws: not knowing an issue must not break a run. */
  async look(
    cell: PlannedCell,
    attempt: number,
    status: AttemptStatus,
    traces: Traces,
  ): Promise<void> {
    try {
      if (wentWrong(status)) await this.#explain(cell, attempt, traces);
      else if (status === "passed") await this.#miss(cell);
    } catch (error) {
      const message = `${cell.id}: the known issues cannot be looked at: ${messageOf(error)}`;
      this.#bus.emit("warning", { message });
    }
  }

  /** A reproducer's own issue is tried first: another's marks may be a part of its. */
  async #explain(cell: PlannedCell, attempt: number, traces: Traces): Promise<void> {
    const files = await this.#load();
    const own = files.filter((file) => isReproducer(file, cell));
    const issues = [...own, ...files.filter((file) => !own.includes(file))].map((f) => f.issue);
    const issue = await explain(issues, traces);
    if (!issue) return;
    this.#bus.emit("known-issue", { cell: cell.id, attempt, issue: issue.id, title: issue.title });
  }

  async #miss(cell: PlannedCell): Promise<void> {
    if (!cell.tags.includes("known-issue")) return;
    const own = (await this.#load()).find((file) => isReproducer(file, cell));
    if (!own || expectedOn(own.issue, cell.host) !== "happens") return;
    const text = `fixed? ${own.issue.id} stopped happening on ${cell.host}: correct or retire it`;
    this.#bus.emit("comment", { cell: cell.id, text });
  }

  #load(): Promise<KnownIssueFile[]> {
    return (this.#files ??= loadKnownIssues());
  }
}

function isReproducer({ scenario }: KnownIssueFile, cell: PlannedCell): boolean {
  return scenario?.meta.id === cell.scenario;
}
