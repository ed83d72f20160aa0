import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { RunResult } from "../../harness/events/result.ts";
import { cellPart } from "./cell.ts";
import { changesPart } from "./history.ts";
import { BY_URGENCY, SIGNS } from "./look.ts";
import { html, trusted, type Markup } from "./markup.ts";
import { matrix } from "./matrix.ts";
import { placeOf } from "./place.ts";
import { failuresPart, summaryPart } from "./summary.ts";

const STYLE = readAsset("report.css");
const SCRIPT = readAsset("report.js");

/**
 * The run as one page that needs nothing but itself: no server, no network, and no script for
 * anything but comfort. Should a console ever find a way around the escaping, the policy in its
 * head runs no code and loads nothing but what is written here.
 * @param trends curves over earlier runs, where these are known
 * @param directories absolute: where the page will lie, and the run that evidence paths start from
 */
export function htmlPage(
  result: RunResult,
  directories: { page: string; run: string },
  trends?: Markup,
): string {
  const { cells, run, counts, history } = result;
  const pasts = new Map(history?.cells.map((past) => [past.cell, past]));
  const place = placeOf(cells, directories.page, directories.run);
  const rank = (status: (typeof BY_URGENCY)[number]) => BY_URGENCY.indexOf(status);
  const sorted = [...cells].sort((a, b) => rank(a.status) - rank(b.status));
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy()}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${titleSign(result)} xenloop ${run.runId}</title>
        ${trusted(`<style>${STYLE}</style>`)}
      </head>
      <body>
        ${summaryPart(result)}
        <main>
          ${failuresPart(result, place)} ${changesPart(history, place)}
          ${
            cells.length > 0 &&
            html`<section>
                <h2>Hosts and scenarios</h2>
                ${filters(counts)} ${matrix(cells, place)}
              </section>
              <section>
                <h2>Cells</h2>
                ${sorted.map((cell) => cellPart(cell, run, place, pasts.get(cell.id)))}
              </section>`
          }
          ${trends}
        </main>
        ${trusted(`<script>${SCRIPT}</script>`)}
      </body>
    </html>`;
  return text;
}

/** The boxes filter without a script; the field for text appears with it. */
function filters(counts: RunResult["counts"]): Markup {
  const boxes = BY_URGENCY.filter((status) => counts[status] > 0).map(
    (status) =>
      html`<label class="badge s-${status}"
        ><input type="checkbox" id="show-${status}" checked />
        <b aria-hidden="true">${SIGNS[status].sign}</b> ${counts[status]}
        ${SIGNS[status].word}</label
      > `,
  );
  return html`<div class="filters">
    ${boxes}
    <input
      type="search"
      id="search"
      placeholder="host, scenario, axis"
      aria-label="Filter"
      hidden
    />
  </div>`;
}

function titleSign({ counts, cells }: RunResult): string {
  return SIGNS[BY_URGENCY.find((status) => counts[status] > 0 && cells.length > 0) ?? "skipped"]
    .sign;
}

function policy(): string {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return (
    `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; ` +
    "base-uri 'none'; form-action 'none'"
  );
}

function readAsset(name: string): string {
  return readFileSync(new URL(`./assets/${name}`, import.meta.url), "utf8");
}
