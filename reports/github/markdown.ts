import { plainLine, withoutReordering } from "../text.ts";

/** Where GitHub finds mentions, issues and addresses in text that is no markup at all. */
const REFERENCES = /[@#]|GH(?=-)|:(?=\/\/)|www(?=\.)/gi;
/** All of ASCII's punctuation but what means nothing within a line. */
const MARKUP = /[!"#$&()*+:<>@[\\\]^_`{|}~]/g;
const NOTHING = "\u200b";
const LINE_LENGTH = 300;

/**
 * Text of any origin as Markdown that shows this text and does nothing: it formats nothing, links
 * nowhere, mentions nobody, and stays on its line, also in a table.
 */
export function inert(text: string, max = 240): string {
  return withoutReordering(plainLine(text, max))
    .replace(/[\s\u2028\u2029]+/g, " ")
    .trim()
    .replace(REFERENCES, `$&${NOTHING}`)
    .replace(MARKUP, (character) => `&#${character.charCodeAt(0)};`);
}

/** The same in a fixed-width font, in which GitHub looks for no references either. */
export function code(text: string, max?: number): string {
  return `<code>${inert(text, max)}</code>`;
}

/** Lines of any origin in a block that none of them can end. */
export function fenced(lines: readonly string[], language = "text"): string {
  const text = lines
    .map((line) => withoutReordering(plainLine(line, LINE_LENGTH)).replace(/[\u2028\u2029]/g, " "))
    .join("\n");
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Something to be opened by who wants to see it; `title` is Markdown already. */
export function folded(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** Rows of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
