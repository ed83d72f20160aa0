import type { KnownIssue } from "../../harness/spec/known-issue.ts";
import type { Traces } from "../../harness/known/match.ts";
import type { CellResult } from "../../harness/events/result.ts";

export function issue(more: Partial<KnownIssue> = {}): KnownIssue {
  return {
    id: "K99",
    title: "a guest with two heads",
    symptom: "it talks twice",
    affected: { libvirt: [">=7.0.0 <11.3.0"] },
    fix: "none",
    source: "https://example.org/k99",
    fingerprint: [{ in: "reason", text: /two heads/ }],
    ...more,
  };
}

export function traces(more: Partial<Traces> = {}): Traces {
  return {
    facts: { libvirt_version: "9.0.0", xen_version: "4.17.7" },
    reason: "",
    assertions: [],
    evidence: async () => "",
    ...more,
  };
}

export function cell(more: Partial<CellResult> = {}): CellResult {
  return {
    id: "k99-two-heads[debian-12]",
    scenario: "k99-two-heads",
    title: "K99 does not happen",
    host: "debian-12",
    axes: {},
    tags: ["known-issue"],
    deadlineSeconds: 60,
    status: "failed",
    reason: "it has two heads",
    ms: 1,
    excerpt: [],
    facts: {},
    comments: [],
    attempts: [],
    ...more,
  };
}
