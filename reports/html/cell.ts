import type { CellResult, RunHeader } from "../../harness/events/result.ts";
import { isRed } from "../../harness/events/status.ts";
import type { HistoryOfCell } from "../../harness/events/history.ts";
import { diagnosisBesides } from "../diagnosis-besides.ts";
import { propertiesOf } from "../junit/properties.ts";
import { rerunCommand } from "../rerun.ts";
import { attemptPart, codeOf } from "./attempt.ts";
import { cellHistory } from "./history.ts";
import { badge, took } from "./look.ts";
import { html, type Markup } from "./markup.ts";
import type { PagePlace } from "./place.ts";

/** Everything about one cell; open when it needs somebody. */
export function cellPart(
  cell: CellResult,
  run: RunHeader,
  place: PagePlace,
  past: HistoryOfCell | undefined,
): Markup {
  const { id, title, status, reason, code, ms, known, comparison, attempts, comments } = cell;
  const diagnosis = diagnosisBesides(cell);
  const open = isRed(status) || status === "flaky";
  return html`<details class="cell s-${status}" data-text="${id} ${title}" ${open && html`open`}>
    <summary>
      ${badge(status)}
      <span class="id">${id}</span> ${known && html`<b class="tag">${known.issue}</b>`}
      ${comparison?.effect !== undefined && html`<b class="tag">${comparison.effect}</b>`}
      <small>${took(ms)}</small>
    </summary>
    <div id="${place.anchors.get(id)}" class="body">
      <p class="title">${title}</p>
      ${reason !== "" && html`<p class="reason">${reason} ${codeOf(code)}</p>`}
      ${diagnosis !== undefined && html`<p class="diagnosis">${diagnosis}</p>`}
      ${known && html`<p class="known">Known issue <b>${known.issue}</b>: ${known.title}</p>`}
      <div class="command"><code>${rerunCommand(cell)}</code></div>
      ${attempts.map((attempt) => attemptPart(attempt, attempts.length, place))}
      ${
        comments.length > 0 &&
        html`<h4>Comments</h4>
          <ul class="plain">
            ${comments.map((text) => html`<li>${text}</li>`)}
          </ul>`
      }
      ${cellHistory(past)} ${factList(cell, run)}
    </div>
  </details>`;
}

/** JUnit's properties are phases, attempts and paths too, which the page shows elsewhere. */
function factList(cell: CellResult, run: RunHeader): Markup | undefined {
  if (cell.attempts.length === 0) return undefined;
  const rows = propertiesOf(cell, run)
    .filter(
      ([name]) =>
        !/^(phase|evidence|attempt|axis|skip|check)\.|^(flaky|known-issue|diagnosis)$/.test(name),
    )
    .map(
      ([name, value]) =>
        html`<div>
          <dt>${name.replaceAll("_", " ")}</dt>
          <dd>${value}</dd>
        </div>`,
    );
  return html`<h4>Versions and machine</h4>
    <dl>${rows}</dl>`;
}
