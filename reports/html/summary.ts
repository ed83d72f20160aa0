import type { RunResult } from "../../harness/events/result.ts";
import { failuresOf, type Failure } from "../../harness/events/failure-title.ts";
import { failsWithoutPatch } from "../compared.ts";
import { duration } from "../terminal/style.ts";
import { badge, BY_URGENCY, SIGNS } from "./look.ts";
import { html, type Markup } from "./markup.ts";
import type { PagePlace } from "./place.ts";

/** Head of the page: how the run ended, in one glance, and where it comes from. */
export function summaryPart(result: RunResult): Markup {
  const { run, cells, reason, next, complete, warnings } = result;
  const seen = BY_URGENCY.filter((status) => result.counts[status] > 0);
  return html`<header>
    <h1>${headline(result)}</h1>
    ${seen.length > 0 && proportions(result)}
    <p>
      ${cells.length} cells in ${duration(run.ms)}, run <code>${run.runId}</code> of
      <time datetime="${run.startedAt}">${run.startedAt.slice(0, 16).replace("T", " ")} UTC</time>
    </p>
    ${!complete && html`<p class="warning">${reason}</p>`}
    ${warnings.map((text) => html`<p class="warning">Warning: ${text}</p>`)}
    ${next !== undefined && html`<div class="command"><code>${next}</code></div>`}
    ${originList(result)}
  </header>`;
}

function headline({ counts, cells }: RunResult): string {
  if (cells.length === 0) return "Nothing ran";
  const parts = BY_URGENCY.filter((status) => counts[status] > 0 && status !== "skipped").map(
    (status) => `${counts[status]} ${SIGNS[status].word}`,
  );
  if (counts.passed === cells.length) return `All ${cells.length} passed`;
  return parts.length === 0 ? "Everything was skipped" : parts.join(", ");
}

/** One bar, divided as the cells are; the words below it say the same. */
function proportions({ counts, cells }: RunResult): Markup {
  let x = 0;
  const parts = BY_URGENCY.map((status) => {
    const width = (counts[status] / cells.length) * 1000;
    const part = html`<rect class="f-${status}" x="${x}" width="${width}" height="8" />`;
    x += width;
    return part;
  });
  return html`<svg class="share" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
    ${parts}
  </svg>`;
}

function originList({ run, preparations }: RunResult): Markup {
  const made = preparations.filter(({ phase }) => phase === "ready");
  const rows: [string, string | undefined][] = [
    ["command", `xenloop ${run.argv.join(" ")}`],
    ["commit", run.commit],
    ["accelerator", run.accelReason ? `${run.accel}: ${run.accelReason}` : run.accel],
    ["QEMU", run.qemu],
    ["time factor", run.timeFactor.toFixed(2)],
    ["shard", run.shard],
    ["xenloop", `${run.harness}, Node ${run.node}`],
    ...Object.entries(run.locks ?? {}).map(([host, digest]): [string, string] => [
      `lock ${host}`,
      digest.slice(0, 16),
    ]),
    ...made.map(({ scope, ms, detail = "" }): [string, string] => [
      scope.replace(":", " "),
      `${duration(ms)} ${detail}`,
    ]),
  ];
  return html`<details class="quiet">
    <summary>Where this run comes from</summary>
    <dl>
      ${rows.map(
        ([name, value]) =>
          value !== undefined &&
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </details>`;
}

/** What broke, one row a failure, however many cells met it. */
export function failuresPart(result: RunResult, place: PagePlace): Markup | undefined {
  const failures = failuresOf(result.cells.filter((cell) => !failsWithoutPatch(cell)));
  if (failures.length === 0) return undefined;
  return html`<section>
    <h2>What broke</h2>
    <ul class="failures">
      ${failures.map((failure) => failureRow(failure, place))}
    </ul>
  </section>`;
}

function failureRow({ title, cells }: Failure, place: PagePlace): Markup {
  const { status = "failed", known } = cells[0] ?? {};
  return html`<li class="s-${status}">
    <p>
      ${badge(status)} ${known && html`<b class="tag">${known.issue}</b>`} ${title}
      ${cells.length > 1 && html`<small>${cells.length} cells</small>`}
    </p>
    <p class="where">
      ${cells.map(({ id }) => html`<a href="#${place.anchors.get(id)}">${id}</a> `)}
    </p>
  </li>`;
}
