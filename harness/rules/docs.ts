import { commitUrl } from "./commits.ts";
import { PAGE } from "./page.ts";
import { LIBVIRT_RELEASES } from "./releases.ts";
import { TOPICS, type Case, type PairRange, type Statement } from "./statement.ts";
import { STATEMENTS } from "./statements/index.ts";

const INTRODUCTION = `# Version rules

<!-- Written by scripts/generate-version-rules.ts from harness/rules/; change those. -->

What depends on the versions of Xen and libvirt, as the harness knows it. \`./xenloop rules --xen 4.4.2 --libvirt 1.2.20\` answers from the same data for any pair; it exits with 1 where the minimum is not met. The claims checked here are those of the page [${PAGE.title}](${PAGE.url}).

Versions compare as Debian's do; \`-rc\` and \`-pre\` come before their release. \`fail\`: it does not work. \`warn\`: it works with a limit, or wants attention. A statement is *seen* on a live host, *read* in source, history or binaries, *derived* from them without a run, or *unverified*.`;

/** The whole of docs/version-rules.md. */
export function versionRulesDocument(): string {
  const topics = TOPICS.map((topic) =>
    [
      `## ${topic.charAt(0).toUpperCase()}${topic.slice(1)}`,
      ...STATEMENTS.filter((statement) => statement.topic === topic).map(section),
    ].join("\n\n"),
  );
  return `${[INTRODUCTION, corrections(), ...topics, releases()].join("\n\n")}\n`;
}

function corrections(): string {
  const rows = STATEMENTS.filter(({ correction }) => correction !== undefined).map(
    ({ id, page, correction }) => row([id, page ?? "no claim", correction ?? ""]),
  );
  return [
    "## Where the page is wrong or not exact",
    table(["rule", "page", "correction"], rows),
  ].join("\n\n");
}

function section(statement: Statement): string {
  const { id, title, affects, confidence, ok, range, cases, page, correction } = statement;
  const rows = [
    ...cases.map((one) => row([bounds(one), one.status, one.text + backports(one)])),
    ...(ok === undefined ? [] : [row([bounds(range, cases.length > 0), "ok", ok])]),
  ];
  const facts = [
    `- affects: ${escape(affects)}`,
    `- ${confidence}${statement.essential ? "; essential: a pair that fails here is not supported" : ""}`,
    ...statement.commits.map(
      (commit) =>
        `- ${commit.repo} [\`${commit.hash.slice(0, 10)}\`](${commitUrl(commit)}), first in ${commit.firstIn}: ${escape(commit.what)}`,
    ),
    ...statement.links.map((link) => `- <${link}>`),
    ...(page === undefined ? [] : [`- page: “${escape(page)}”`]),
    ...(correction === undefined ? [] : [`- correction: ${escape(correction)}`]),
  ];
  return [
    `### ${id}: ${escape(title)}`,
    table(["versions", "status", "what it means"], rows),
    facts.join("\n"),
  ].join("\n\n");
}

function backports({ backports: commits = [] }: Case): string {
  if (commits.length === 0) return "";
  const list = commits.map((commit) => `[\`${commit.hash.slice(0, 10)}\`](${commitUrl(commit)})`);
  return ` (${list.join(", ")})`;
}

function bounds({ xen, libvirt }: PairRange, isRest = false): string {
  const sides = [xen && `Xen \`${xen}\``, libvirt && `libvirt \`${libvirt}\``].filter(Boolean);
  return sides.join(", ") || (isRest ? "otherwise" : "any");
}

function releases(): string {
  const rows = LIBVIRT_RELEASES.map(({ version, date, minimumXen, libxlApi, changes }) =>
    row([version, date, minimumXen, libxlApi, changes]),
  );
  const head = ["libvirt", "date", "minimum Xen", "libxl API", "what changed for Xen"];
  return ["## Releases of libvirt", table(head, rows)].join("\n\n");
}

function row(cells: string[]): string {
  return `| ${cells.map((cell) => escape(cell).replaceAll("|", "\\|")).join(" | ")} |`;
}

/** XML tags are words here, not HTML. Ranges such as `<4.5` stay: they are code. */
function escape(text: string): string {
  return text.replaceAll(/<(?=[a-z])/g, "\\<");
}

function table(head: string[], rows: string[]): string {
  return [row(head), row(head.map(() => "---")), ...rows].join("\n");
}
