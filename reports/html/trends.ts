import { parseHTML } from "linkedom";
import * as Plot from "@observablehq/plot";
import type { Trend } from "../../harness/events/history.ts";
import { plainLine } from "../text.ts";
import { html, trusted, type Markup } from "./markup.ts";

const SIZE = { width: 330, height: 128, marginLeft: 38, marginRight: 8, marginBottom: 32 };
/** Curves of cells beyond this are left to the history command. */
const SHOWN = 24;

/** Curves over runs as SVG, drawn here: the page runs no code for them. */
export function trendsPart(trends: readonly Trend[]): Markup | undefined {
  if (trends.length === 0) return undefined;
  return html`<section>
    <h2>Trends</h2>
    <div class="trends">${trends.slice(0, SHOWN).map(figure)}</div>
    ${
      trends.length > SHOWN &&
      html`<p><small>and ${trends.length - SHOWN} more in ./xenloop history</small></p>`
    }
  </section>`;
}

function figure({ name, host, unit, points }: Trend): Markup {
  const { value: last = 0 } = points.at(-1) ?? {};
  const title = name.includes(host) ? name : `${name}, ${host}`;
  return html`<figure>
    <figcaption>${plainLine(title)} <b>${round(last)} ${unit}</b></figcaption>
    ${trusted(curve(points))}
  </figure>`;
}

/** Only numbers and times go into the drawing, no text of a run. */
function curve(points: Trend["points"]): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const data = points.map(({ at, value }) => ({ at: new Date(at), value }));
  const svg = Plot.plot({
    document,
    ...SIZE,
    className: "plot",
    x: { type: "utc", label: null, ticks: 4 },
    y: { label: null, ticks: 3, grid: true, zero: true },
    marks: [
      Plot.lineY(data, { x: "at", y: "value" }),
      Plot.dot(data, { x: "at", y: "value", r: 2, fill: "currentColor" }),
    ],
  });
  // The page's policy lets no style in but the page's own, which has what is needed of it.
  svg.querySelector("style")?.remove();
  return svg.outerHTML;
}

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}
