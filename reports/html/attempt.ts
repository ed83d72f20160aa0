import type { AssertionResult, AttemptResult } from "../../harness/events/result.ts";
import type { EvidenceItem } from "../../harness/events/schema.ts";
import { consoleExcerpt } from "./console.ts";
import { badge, took } from "./look.ts";
import { html, type Markup } from "./markup.ts";
import { evidenceHref, type PagePlace } from "./place.ts";
import { timeline } from "./timeline.ts";

/** One attempt at a cell: outcome, phases, assertions, console, files. */
export function attemptPart(attempt: AttemptResult, of: number, place: PagePlace): Markup {
  const { status, reason, code, ms, phases, assertions, evidence, excerpt, known } = attempt;
  const heading = html`<h3>
    Attempt ${attempt.attempt} of ${of} ${badge(status)} <small>${took(ms)}</small>
  </h3>`;
  return html`<section class="attempt">
    ${of > 1 && heading}
    ${of > 1 && reason !== "" && html`<p class="reason">${reason} ${codeOf(code)}</p>`}
    ${of > 1 && known && html`<p class="known">Known issue <b>${known.issue}</b>: ${known.title}</p>`}
    ${timeline(phases, ms)} ${assertionList(assertions)} ${consoleExcerpt(excerpt)}
    ${evidenceList(evidence, place)}
  </section>`;
}

/** The stable code of the error, for searching. */
export function codeOf(code: string | undefined): Markup | undefined {
  return code === undefined ? undefined : html`<code class="code">${code}</code>`;
}

function assertionList(assertions: readonly AssertionResult[]): Markup | undefined {
  if (assertions.length === 0) return undefined;
  const failed = assertions.filter(({ ok }) => !ok);
  const passed = assertions.filter(({ ok }) => ok);
  const item = ({ ok, name, detail }: AssertionResult) =>
    html`<li>
      <b class="${ok ? "ok" : "not-ok"}">${ok ? "✔ holds" : "✖ does not hold"}</b> ${name}
      ${detail !== undefined && html`<pre dir="ltr">${detail}</pre>`}
    </li>`;
  return html`<h4>Assertions</h4>
    ${
      failed.length > 0 &&
      html`<ul class="plain">
        ${failed.map(item)}
      </ul>`
    }
    ${
      passed.length > 0 &&
      html`<details class="quiet">
        <summary>${passed.length} hold</summary>
        <ul class="plain">
          ${passed.map(item)}
        </ul>
      </details>`
    }`;
}

function evidenceList(evidence: readonly EvidenceItem[], place: PagePlace): Markup | undefined {
  if (evidence.length === 0) return undefined;
  const items = evidence.map(({ kind, path, bytes }) => {
    const href = evidenceHref(path, place);
    const name = path.split("/").at(-1) ?? path;
    const label = html`${kind} <small>${name}, ${size(bytes)}</small>`;
    return html`<li>${href === undefined ? label : html`<a href="${href}">${label}</a>`}</li>`;
  });
  return html`<h4>Evidence</h4>
    <ul class="files">
      ${items}
    </ul>`;
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
