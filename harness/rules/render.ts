import type { Answer, AnsweredStatement, LinkedCommit } from "./answer.ts";
import type { HostAnswer } from "./live.ts";
import { TOPICS, type RuleStatus } from "./statement.ts";

const SIGN: Record<RuleStatus, string> = { ok: "✔", warn: "!", fail: "✖" };
const INDENT = 2;

export interface RenderOptions {
  /** Columns of the terminal; 100 unless told. */
  width?: number;
}

/** The answer as a person reads it: the verdict, then each statement with its sources. */
export function renderAnswer(answered: Answer | HostAnswer, options: RenderOptions = {}): string {
  const width = Math.max(options.width ?? 100, 60);
  const blocks = [
    verdict(answered),
    ...("live" in answered ? [liveLines(answered)] : []),
    ...TOPICS.map((topic) => {
      const statements = answered.statements.filter((statement) => statement.topic === topic);
      return statements.length === 0 ? [] : [topic, ...statementLines(statements, answered, width)];
    }),
    backportLines(answered, width),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** The answer for machines: the object itself, two spaces deep. */
export function renderAnswerJson(answered: Answer | HostAnswer): string {
  return `${JSON.stringify(answered, null, 2)}\n`;
}

function line(isGood: boolean, text: string, bad: RuleStatus = "fail"): string {
  return `${SIGN[isGood ? "ok" : bad]} ${text}`;
}

function verdict({ xen, libvirt, supported, minimumMet, recommendedMet }: Answer): string[] {
  return [
    `Xen ${xen} with libvirt ${libvirt}`,
    line(minimumMet, minimumMet ? "minimum met" : "minimum not met"),
    line(recommendedMet, recommendedMet ? "recommendation met" : "recommendation not met", "warn"),
    line(supported, supported ? "supported" : "not supported"),
  ];
}

function liveLines({ lock, notes }: HostAnswer): string[] {
  return [
    ...lock.map(({ subject, live, locked, agrees }) =>
      line(agrees, `${subject} ${live} runs, the lock says ${locked}`),
    ),
    ...notes.map((note) => `${SIGN.warn} ${note}`),
  ];
}

function statementLines(
  statements: AnsweredStatement[],
  { statements: all }: Answer,
  width: number,
): string[] {
  const idWidth = Math.max(...all.map(({ id }) => id.length));
  const margin = INDENT + 2 + idWidth + 2;
  return statements.flatMap(({ id, status, title, text, commits, links, page, correction }) => {
    const head = `${" ".repeat(INDENT)}${SIGN[status]} ${id.padEnd(idWidth)}  `;
    const paragraphs =
      status === "ok"
        ? [`${title}: ${text}${shortSources(commits, links)}`]
        : [
            `${title}: ${text}`,
            ...commits.map((commit) => commit.url),
            ...links,
            ...(page === undefined ? [] : [`The page says: ${page}`]),
            ...(correction === undefined ? [] : [`Correction: ${correction}`]),
          ];
    const lines = paragraphs.flatMap((paragraph) => wrap(paragraph, width - margin));
    return lines.map((body, i) => (i === 0 ? head : " ".repeat(margin)) + body);
  });
}

/** Where all is well the sources stay short: hashes, or the first link. */
function shortSources(commits: LinkedCommit[], links: string[]): string {
  const hashes = commits.map(({ repo, hash }) => `${repo} ${hash.slice(0, 10)}`);
  const sources = hashes.length > 0 ? hashes : links.slice(0, 1);
  return sources.length > 0 ? ` (${sources.join(", ")})` : "";
}

function backportLines({ backports }: Answer, width: number): string[] {
  if (backports.length === 0) return [];
  return [
    "backports",
    ...backports.flatMap(({ repo, hash, what, url }) => {
      const head = `${" ".repeat(INDENT)}${repo.padEnd(7)} ${hash.slice(0, 10)}  `;
      const lines = [...wrap(what, width - head.length), url];
      return lines.map((body, i) => (i === 0 ? head : " ".repeat(head.length)) + body);
    }),
  ];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
