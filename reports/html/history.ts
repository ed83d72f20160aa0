import type { ChangesSince, HistoryOfCell, RunHistory } from "../../harness/events/history.ts";
import { SIGNS } from "./look.ts";
import { html, type Markup } from "./markup.ts";
import type { PagePlace } from "./place.ts";

/** What changed since the red cells were good. */
export function changesPart(history: RunHistory | undefined, place: PagePlace): Markup | undefined {
  if (!history || history.changes.length === 0) return undefined;
  return html`<section>
    <h2>What changed since it was good</h2>
    ${history.changes.map((changes) => changesSince(changes, place))}
  </section>`;
}

function changesSince(changes: ChangesSince, place: PagePlace): Markup {
  const { run, at, cells, packages, unknownLocks, commits, scenarios } = changes;
  const rows = [
    ...Object.entries(packages).flatMap(([host, moved]) =>
      moved.map((text) => html`<li><b>${host}</b> ${text}</li>`),
    ),
    ...unknownLocks.map((host) => html`<li><b>${host}</b> other packages; that lock is gone</li>`),
    ...scenarios.map((scenario) => html`<li><b>scenario</b> ${scenario}</li>`),
    ...commits.map((commit) => html`<li><b>commit</b> <code>${commit}</code></li>`),
  ];
  return html`<div class="changes">
    <p>
      Since run <code>${run}</code> of ${dayOf(at)}, when
      ${cells.map((id) => html`<a href="#${place.anchors.get(id) ?? ""}">${id}</a> `)} passed:
    </p>
    <ul class="plain">
      ${rows.length > 0 ? rows : html`<li>nothing that is recorded</li>`}
    </ul>
  </div>`;
}

/** Since when a cell is red, and its last runs, one sign each. */
export function cellHistory(history: HistoryOfCell | undefined): Markup | undefined {
  if (!history) return undefined;
  const { firstBad, lastGood, runs, flakes, recent } = history;
  const good = lastGood
    ? html`last good in run <code>${lastGood.run}</code> of ${dayOf(lastGood.at)}`
    : "never seen good";
  return html`<h4>History</h4>
    <p>
      ${firstBad && html`Red since ${dayOf(firstBad.at)}, ${good}. `}${runs} runs,
      ${Math.round((flakes / runs) * 100)} % flaky.
    </p>
    <p class="runs">
      ${recent.map(
        ({ status, run, at }) =>
          html`<span class="badge s-${status}" title="${run}, ${dayOf(at)}: ${SIGNS[status].word}"
            >${SIGNS[status].sign}</span
          >`,
      )}
    </p>`;
}

function dayOf(at: string): string {
  return at.slice(0, 10);
}
