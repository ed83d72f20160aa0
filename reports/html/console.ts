import { tellingLine } from "../../harness/base/telling-line.ts";
import { plainLine } from "../text.ts";
import { html, type Markup } from "./markup.ts";

const LINE_LENGTH = 400;
const LINES = 60;

/** The end of a console, the line that tells what went wrong being marked. */
export function consoleExcerpt(excerpt: readonly string[]): Markup | undefined {
  const lines = excerpt.slice(-LINES).map((line) => plainLine(line, LINE_LENGTH));
  if (lines.length === 0) return undefined;
  const telling = tellingLine(lines);
  const shown = lines.map((line, at) =>
    at === telling ? html`<mark>${line}</mark> ` : html`${line} `,
  );
  return html`<h4>Console, its last ${lines.length} lines</h4>
    <pre dir="ltr" tabindex="0">${shown}</pre>`;
}
