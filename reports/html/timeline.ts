import type { PhaseResult } from "../../harness/events/result.ts";
import { html, type Markup } from "./markup.ts";
import { duration } from "../terminal/style.ts";

/** Width of the drawing in its own units; the page stretches it. */
const WIDTH = 1000;
const LEAST = 6;

/** Phases in the order they began, each with a bar on a common axis of `ms` milliseconds. */
export function timeline(phases: readonly PhaseResult[], ms: number): Markup | undefined {
  if (phases.length === 0) return undefined;
  const whole = Math.max(ms, 1, ...phases.map(({ at, ms }) => at + ms));
  const rows = phases.map((phase) => {
    const note = phase.ended ? phase.detail : "did not end";
    return html`<div class="${phase.ended ? "phase" : "phase open"}">
      <span>${phase.phase}</span>${bar(phase, whole)}<span
        >${duration(phase.ms)}${note !== undefined && html` <i>${note}</i>`}</span
      >
    </div>`;
  });
  return html`<div class="timeline">${rows}</div>`;
}

function bar({ at, ms }: PhaseResult, whole: number): Markup {
  const width = Math.max(LEAST, Math.round((ms / whole) * WIDTH));
  const x = Math.min(Math.round((at / whole) * WIDTH), WIDTH - width);
  return html`<svg viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="axis" y="4" width="${WIDTH}" height="2" />
    <rect class="bar" x="${x}" width="${width}" height="10" />
  </svg>`;
}
