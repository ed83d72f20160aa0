import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K49",
  title: "a guest stays paused after a peer-to-peer migration",
  symptom: "the confirm phase is skipped",
  affected: { libvirt: [">=1.3.2 <4.8.0"] },
  fix: "libvirt 4.8.0 (e39c66d3c)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/e39c66d3c",
  fingerprint: [],
  cannotRun: "no host here has a libvirt as old as that: the oldest, Debian 11's, is 7.0.0",
});
