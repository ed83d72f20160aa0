import { ResultBuilder } from "../../harness/events/reduce.ts";
import type { EventBodies, PlannedCell, RunEvent } from "../../harness/events/schema.ts";
import type { CellResult } from "../../harness/events/result.ts";
import type { CellStatus } from "../../harness/events/status.ts";
import { plainLine } from "../text.ts";
import { failureBlock } from "./failure-block.ts";
import { duration, LOOK, type Paint } from "./style.ts";

export interface NarratorOptions {
  paint: Paint;
  shownDir: string;
  /** Leaves out what a live display shows by itself: what starts, and the phases of cells. */
  brief: boolean;
}

/** Tells the run in lines to append, as the events come. */
export class Narrator {
  readonly #options: NarratorOptions;
  readonly #known = new ResultBuilder();
  readonly #cells = new Map<string, PlannedCell>();

  constructor(options: NarratorOptions) {
    this.#options = options;
  }

  /** The lines for this event; none when it is not of interest. */
  lines(event: RunEvent): string[] {
    this.#known.add(event);
    const { brief, paint } = this.#options;
    switch (event.type) {
      case "run-started":
        return [this.#header(event)];
      case "planned":
        return this.#plan(event.cells);
      case "cell-started":
        return brief ? [] : [`▶ ${event.cell}${attemptNote(event.attempt)}`];
      case "phase-started":
        return brief || this.#cells.has(event.scope) ? [] : [`▶ ${event.scope} ${event.phase}`];
      case "phase-ended":
        return this.#phase(event);
      case "assertion":
        return event.ok || brief ? [] : [`  ${event.cell} not ok: ${plainLine(event.name)}`];
      case "cell-ended":
        return this.#cell(this.#known.cell(event.cell), event.attempt);
      case "warning":
        return [`${paint("yellow", "warning")} ${plainLine(event.message, 2000)}`];
      case "facts":
      case "comment":
      case "known-issue":
      case "evidence":
      case "compared":
      case "history":
      case "run-ended":
        return [];
    }
  }

  #header({ runId, accel, accelReason, qemu, timeFactor }: EventBodies["run-started"]): string {
    const why = accelReason === undefined ? "" : ` (${plainLine(accelReason, 2000)})`;
    const text = `run ${runId} · ${accel}${why} · QEMU ${qemu} · deadlines ×${timeFactor}`;
    return this.#options.paint("dim", text);
  }

  #plan(cells: readonly PlannedCell[]): string[] {
    for (const cell of cells) this.#cells.set(cell.id, cell);
    const count = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
    const hosts = new Set(cells.map(({ host }) => host));
    return [
      this.#options.paint("dim", `${count(cells.length, "cell")} on ${count(hosts.size, "host")}`),
      ...cells.flatMap(({ id, excluded }) =>
        excluded === undefined ? [] : [this.#notRun(id, "skipped", excluded)],
      ),
    ];
  }

  #phase({ scope, phase, ms, detail, failed }: EventBodies["phase-ended"]): string[] {
    const { brief, paint } = this.#options;
    const mark = failed ? paint("red", "✖") : paint("green", "✔");
    const note = detail === undefined ? "" : paint("dim", `  ${plainLine(detail)}`);
    if (!this.#cells.has(scope)) {
      return [`${mark} ${scope} ${phase}  ${duration(ms)}${note}`];
    }
    return brief ? [] : [`  ${scope} ${phase}  ${duration(ms)}${note}`];
  }

  #cell(cell: CellResult, attempt: number): string[] {
    const { paint, shownDir } = this.#options;
    const { mark, word, format } = LOOK[cell.status];
    const name = `${paint(format, mark)} ${cell.id}${attemptNote(attempt)}`;
    switch (cell.status) {
      case "passed":
        return [`${name}  ${duration(cell.ms)}${paint("dim", factsNote(cell))}`];
      case "flaky":
        return [
          `${name}  ${paint(format, word)}  ${duration(cell.ms)}`,
          `  ${plainLine(cell.reason)}`,
        ];
      case "skipped":
        // An excluded cell has been told about with the plan.
        if (this.#cells.get(cell.id)?.excluded !== undefined) return [];
        return [this.#notRun(cell.id, cell.status, cell.reason)];
      case "interrupted":
        return [this.#notRun(cell.id, cell.status, cell.reason)];
      default:
        return [
          `${name}  ${paint(format, word)}  ${duration(cell.ms)}`,
          ...failureBlock(cell, shownDir, paint),
        ];
    }
  }

  #notRun(id: string, status: CellStatus, reason: string): string {
    const { paint } = this.#options;
    const { mark, word, format } = LOOK[status];
    return `${paint(format, mark)} ${id}  ${paint(format, word)}: ${plainLine(reason)}`;
  }
}

function attemptNote(attempt: number): string {
  return attempt > 1 ? ` (attempt ${attempt})` : "";
}

/** What ran on what: the answer that a passed cell is about. */
function factsNote({ facts }: CellResult): string {
  const { guest_type: guest, xen_version: xen, libvirt_version: libvirt } = facts;
  const parts = [guest, xen && `Xen ${xen}`, libvirt && `libvirt ${libvirt}`].filter(Boolean);
  return parts.length > 0 ? `  ${plainLine(parts.join(" · "))}` : "";
}
