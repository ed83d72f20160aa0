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
  for (const issue of issues) if (await matches(issue, traces)) return issue;
  return undefined;
}

export async function matches(issue: KnownIssue, traces: Traces): Promise<boolean> {
  if (issue.fingerprint.length === 0 || !mayAffect(issue.affected, traces.facts)) return false;
  for (const { in: kind, text } of issue.fingerprint) {
    const found = kind === "reason" ? said(traces) : await traces.evidence(kind);
    if (!text.test(normalise(found))) return false;
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
