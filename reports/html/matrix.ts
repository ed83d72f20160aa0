import type { CellResult } from "../../harness/events/result.ts";
import { SIGNS, took } from "./look.ts";
import { html, type Markup } from "./markup.ts";
import type { PagePlace } from "./place.ts";

/** Scenarios and their axes down, hosts across; on a narrow screen each row becomes a block. */
export function matrix(cells: readonly CellResult[], place: PagePlace): Markup {
  const hosts = [...new Set(cells.map(({ host }) => host))];
  const scenarios = groupBy(cells, ({ scenario }) => scenario);
  const columns = html`<tr>
    <th scope="col">Scenario</th>
    ${hosts.map((host) => html`<th scope="col">${host}</th>`)}
  </tr>`;
  return html`<table class="matrix">
    <thead>
      ${columns}
    </thead>
    ${[...scenarios.values()].map((group) => scenarioRows(group, hosts, place))}
  </table>`;
}

function scenarioRows(
  cells: readonly CellResult[],
  hosts: readonly string[],
  place: PagePlace,
): Markup {
  const { scenario = "", title = "" } = cells[0] ?? {};
  const name = html`<b>${scenario}</b><small>${title}</small>`;
  const rows = [...groupBy(cells, ({ axes }) => axesText(axes))];
  const own = rows.length === 1 && rows[0]?.[0] === "";
  const heading = html`<tr class="scenario">
    <th scope="rowgroup" colspan="${hosts.length + 1}">${name}</th>
  </tr>`;
  return html`<tbody>
    ${!own && heading}
    ${rows.map(
      ([axes, row]) =>
        html`<tr class="${own ? "own" : "axis"}">
          <th scope="row">${own ? name : axes || "no axes"}</th>
          ${hosts.map((host) =>
            box(
              row.filter((cell) => cell.host === host),
              host,
              place,
            ),
          )}
        </tr>`,
    )}
  </tbody>`;
}

function box(cells: readonly CellResult[], host: string, place: PagePlace): Markup {
  if (cells.length === 0) return html`<td class="none" aria-label="not planned"></td>`;
  return html`<td data-host="${host}">${cells.map((cell) => mark(cell, place))}</td>`;
}

function mark({ id, title, status, reason, ms, known, attempts }: CellResult, place: PagePlace) {
  const { sign, word } = SIGNS[status];
  const again = attempts.length > 1 && ` ×${attempts.length}`;
  return html`<a
    class="mark s-${status}"
    href="#${place.anchors.get(id)}"
    title="${reason || title}"
    data-text="${id} ${title}"
    ><b aria-hidden="true">${sign}</b> ${word}${again}${known && html` <b>${known.issue}</b>`}
    <small>${took(ms)}</small></a
  >`;
}

function axesText(axes: CellResult["axes"]): string {
  return Object.entries(axes)
    .map(([axis, value]) => `${axis} ${value}`)
    .join(" · ");
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
