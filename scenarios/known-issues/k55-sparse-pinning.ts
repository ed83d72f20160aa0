import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K55",
  title: "vcpus are pinned wrongly when not all have a pinning",
  symptom: "the pinning of the next vcpu is used",
  affected: { libvirt: ["<1.2.17"] },
  fix: "libvirt 1.2.17 (df55ed4bc)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/df55ed4bc",
  fingerprint: [],
  cannotRun: "no host here has a libvirt as old as that: the oldest, Debian 11's, is 7.0.0",
});
