import type { RunEvent } from "../../harness/events/schema.ts";
import { duration, type Paint } from "./style.ts";

interface Activity {
  /** A cell, or what is being prepared, such as `image:debian-12`. */
  scope: string;
  attempt: number;
  /** Milliseconds since the epoch. */
  since: number;
  /** Open phases, the innermost last. */
  phases: { phase: string; since: number }[];
}

/** What is going on at this moment. */
export class Progress {
  readonly #waiting = new Set<string>();
  readonly #cells = new Map<string, Activity>();
  readonly #preparing = new Map<string, Activity>();
  readonly #planned = new Set<string>();
  #startedAt = 0;

  add(event: RunEvent): void {
    const at = Date.parse(event.time);
    switch (event.type) {
      case "run-started":
        this.#startedAt = at;
        break;
      case "planned":
        for (const { id, excluded } of event.cells) {
          this.#planned.add(id);
          if (excluded === undefined) this.#waiting.add(id);
        }
        break;
      case "cell-started":
        this.#planned.add(event.cell);
        this.#activity(event.cell, at).attempt = event.attempt;
        break;
      case "phase-started":
        this.#activity(event.scope, at).phases.push({ phase: event.phase, since: at });
        break;
      case "phase-ended":
        this.#endPhase(event.scope, event.phase);
        break;
      case "cell-ended":
        this.#waiting.delete(event.cell);
        this.#cells.delete(event.cell);
        break;
      default:
    }
  }

  /** One line each for what is prepared, what runs and what waits; at most `max` lines. */
  rows(now: number, paint: Paint, max = Infinity): string[] {
    const active = [...this.#preparing.values(), ...this.#cells.values()].map((activity) =>
      describe(activity, now, paint),
    );
    const waiting = [...this.#waiting].map((id) => paint("dim", `· ${id}`));
    const rows = [...active, ...waiting];
    if (rows.length <= max) return rows;
    const shown = rows.slice(0, Math.max(0, max - 1));
    return [...shown, paint("dim", `  and ${rows.length - shown.length} more`)];
  }

  /** One line that says the run is alive and what it is doing. */
  heartbeat(now: number): string {
    const plain: Paint = (_format, text) => text;
    const doing = [...this.#preparing.values(), ...this.#cells.values()].map((activity) =>
      describe(activity, now, plain).slice(2),
    );
    const text = doing.length > 0 ? doing.join("; ") : "nothing is running";
    return `… ${duration(now - this.#startedAt)}: ${text}; ${this.#waiting.size} waiting`;
  }

  #activity(scope: string, at: number): Activity {
    const map = this.#planned.has(scope) ? this.#cells : this.#preparing;
    this.#waiting.delete(scope);
    const known = map.get(scope);
    if (known) return known;
    const activity: Activity = { scope, attempt: 1, since: at, phases: [] };
    map.set(scope, activity);
    return activity;
  }

  #endPhase(scope: string, phase: string): void {
    const activity = this.#cells.get(scope) ?? this.#preparing.get(scope);
    if (!activity) return;
    const index = activity.phases.findLastIndex((open) => open.phase === phase);
    if (index >= 0) activity.phases.splice(index, 1);
    if (activity.phases.length === 0) this.#preparing.delete(scope);
  }
}

function describe({ scope, attempt, since, phases }: Activity, now: number, paint: Paint): string {
  const phase = phases.at(-1);
  const inPhase =
    phase === undefined || phase.since === since
      ? (phase?.phase ?? "")
      : `${phase.phase} ${duration(now - phase.since)}`;
  const note = [attempt > 1 ? `(attempt ${attempt})` : "", inPhase].filter(Boolean).join(" ");
  const text = `${paint("cyan", "▸")} ${scope}${note ? ` ${note}` : ""}`;
  return `${text}  ${paint("dim", duration(now - since))}`;
}
