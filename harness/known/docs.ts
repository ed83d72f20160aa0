import type { AffectedVersions, KnownIssue } from "../spec/known-issue.ts";
import type { Observations, SeenOnHost } from "./observations.ts";

const INTRODUCTION = `# Known issues

<!-- Written by scripts/generate-known-issues.ts from scenarios/known-issues/; change those. -->

What is known to go wrong with Xen through libvirt: one file each under \`scenarios/known-issues/\`. Those with a reproducer are run on live hosts; the table says what each host showed when \`./xenloop repro --all --host all\` was last run and \`./xenloop known record RUN…\` kept it. \`./xenloop repro K05\` shows one happening; \`./xenloop known show K05\` tells all of it. A failed cell whose evidence bears an issue's marks is reported with its id.

**happens** and absent are what a host showed. A prediction comes from documents and source; ✗ stands where it was wrong, with the correction below. *not here*: the host cannot show it. *fixed?*, *new?*: it is no longer as it was.`;

/** The whole of docs/known-issues.md. */
export function knownIssuesDocument(
  issues: readonly KnownIssue[],
  observations: Observations,
): string {
  const runnable = issues.filter(({ reproducer }) => reproducer !== undefined);
  const rest = issues.filter(({ reproducer }) => reproducer === undefined);
  const hosts = hostsOf(runnable);
  const parts = [
    INTRODUCTION,
    versions(hosts, observations),
    "## Seen on live hosts",
    table(
      ["issue", "what", ...hosts],
      runnable.map((issue) => [
        `[${issue.id}](#${issue.id.toLowerCase()})`,
        issue.title,
        ...hosts.map((host) => cell(issue, host, observations[issue.id]?.[host])),
      ]),
    ),
    totals(runnable, observations),
    ...runnable.map((issue) => section(issue, observations[issue.id] ?? {})),
    "## Known, and not run here",
    table(
      ["issue", "what", "affected", "fix", "why it is not run"],
      rest.map((issue) => [
        `[${issue.id}](${issue.source})`,
        issue.title,
        affectedText(issue.affected),
        issue.fix,
        issue.cannotRun ?? "",
      ]),
    ),
  ];
  return `${parts.join("\n\n")}\n`;
}

export function affectedText(affected: AffectedVersions): string {
  const parts = Object.entries(affected) as [string, string[]][];
  return parts.map(([what, ranges]) => `${what} ${ranges.join(" or ")}`).join(", ") || "all";
}

function hostsOf(issues: readonly KnownIssue[]): string[] {
  const names = issues.flatMap(({ reproducer }) => Object.keys(reproducer?.predicted ?? {}));
  return [...new Set(names)].sort();
}

/** What the hosts of the last runs were: Debian's security updates move them. */
function versions(hosts: readonly string[], observations: Observations): string {
  const rows = hosts.flatMap((host) => {
    const seen = Object.values(observations).flatMap((byHost) => byHost[host] ?? []);
    const last = seen.sort((a, b) => a.day.localeCompare(b.day)).at(-1);
    return last ? [[host, last.xen, last.libvirt, last.day]] : [];
  });
  return table(["host", "Xen", "libvirt", "last run"], rows);
}

function cell({ reproducer }: KnownIssue, host: string, seen: SeenOnHost | undefined): string {
  if (reproducer?.notOn?.[host] !== undefined) return "–";
  if (seen === undefined) {
    return reproducer?.predicted[host] === undefined ? "" : "not run yet";
  }
  const { observed, outcome, change } = seen;
  if (change !== undefined) return change;
  if (observed === "unknown") return "*not here*";
  return `${observed === "happens" ? "**happens**" : observed}${outcome === "wrong" ? " ✗" : ""}`;
}

function totals(issues: readonly KnownIssue[], observations: Observations): string {
  const seen = issues.flatMap(({ id }) => Object.values(observations[id] ?? {}));
  const count = (outcome: SeenOnHost["outcome"]): number =>
    seen.filter((one) => one.outcome === outcome).length;
  return `${issues.length} issues, ${seen.length} cells: ${count("confirmed")} predictions confirmed, ${count("wrong")} wrong, ${count("not-reproducible")} not reproducible here.`;
}

function section(issue: KnownIssue, byHost: Record<string, SeenOnHost>): string {
  const { id, title, symptom, affected, fix, source, reproducer } = issue;
  const facts = [
    `- symptom: ${symptom}`,
    `- affected: \`${affectedText(affected)}\``,
    `- fix: ${fix}`,
    `- source: <${source}>`,
    `- done: ${reproducer?.does ?? ""}`,
    ...Object.entries(byHost)
      .filter(([, { seen }]) => seen !== "")
      .map(([host, { seen }]) => `- seen on ${host}: \`${shorten(seen)}\``),
    ...Object.entries(reproducer?.notOn ?? {}).map(([host, why]) => `- not on ${host}: ${why}`),
    ...(reproducer?.correction === undefined ? [] : [`- correction: ${reproducer.correction}`]),
  ];
  return [`### ${id}`, title, facts.map(escape).join("\n")].join("\n\n");
}

const SHOWN = 240;

function shorten(text: string): string {
  const plain = text.replaceAll("`", "'").trim();
  return plain.length > SHOWN ? `${plain.slice(0, SHOWN)}…` : plain;
}

/** XML tags are words here, not HTML; within code they stay as they are. */
function escape(text: string): string {
  return text
    .split(/(`[^`]*`|<https?:[^>]*>)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/<(?=[a-z])/g, "\\<")))
    .join("");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => escape(text).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
