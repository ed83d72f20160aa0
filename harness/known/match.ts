import type { AssertionResult } from "../events/result.ts";
import type { Facts } from "../events/schema.ts";
import { inRange } from "../plan/version-range.ts";
import type { AffectedVersions, KnownIssue } from "../spec/known-issue.ts";
import { normalise } from "./normalise.ts";

/** Which fact tells each version. */
const FACT_OF = {
  xen: "xen_version",
  libvirt: "libvirt_version",
  kernel: "dom0_kernel",
  qemu: "dom0_qemu",
} as const satisfies Record<keyof AffectedVersions, string>;

/** What an attempt left behind. */
export interface Traces {
  facts: Facts;
  reason: string;
  assertions: readonly AssertionResult[];
  /** Text of the evidence of a kind, all files of it one after the other; empty when there is none. */
  evidence(kind: string): Promise<string>;
}

/** The first issue, by id, whose versions and fingerprint fit. */
export async function explain(
  issues: readonly KnownIssue[],
  traces: Traces,
): Promise<KnownIssue | undefined> {
  for await (const issue of matching(issues, traces)) return issue;
  return undefined;
}

/** The issues whose versions and fingerprint fit. */
export async function* matching(
  issues: readonly KnownIssue[],
  traces: Traces,
): AsyncGenerator<KnownIssue> {
  const texts = textsOf(traces);
  for (const issue of issues) if (await fits(issue, traces, texts)) yield issue;
}

/** Normalised text by kind, each made once: many issues look at the same megabytes. */
function textsOf(traces: Traces): (kind: string) => Promise<string> {
  const made = new Map<string, Promise<string>>();
  return (kind) => {
    const known = made.get(kind);
    if (known) return known;
    const raw = kind === "reason" ? Promise.resolve(said(traces)) : traces.evidence(kind);
    const text = raw.then(normalise);
    made.set(kind, text);
    return text;
  };
}

async function fits(
  issue: KnownIssue,
  traces: Traces,
  texts: (kind: string) => Promise<string>,
): Promise<boolean> {
  if (issue.fingerprint.length === 0 || !mayAffect(issue.affected, traces.facts)) return false;
  for (const { in: kind, text } of issue.fingerprint) {
    if (!text.test(await texts(kind))) return false;
  }
  return true;
}

/** Whether the versions are affected; one that nobody knows may be. */
export function mayAffect(affected: AffectedVersions, facts: Facts): boolean {
  return (Object.keys(FACT_OF) as (keyof AffectedVersions)[]).every((what) => {
    const ranges = affected[what];
    const version = facts[FACT_OF[what]];
    if (ranges === undefined || version === undefined || version === "") return true;
    return ranges.some((range) => inRange(version, range));
  });
}

function said({ reason, assertions }: Traces): string {
  const lines = assertions.map(({ name, detail = "" }) => `${name}\n${detail}`);
  return [reason, ...lines].join("\n");
}
