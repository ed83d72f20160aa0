import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K50",
  title: "libvirtd does not answer while it receives a migration",
  symptom: "the event loop is blocked",
  affected: { libvirt: ["<1.2.11"] },
  fix: "libvirt 1.2.11 (cb88d4333)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/cb88d4333",
  fingerprint: [],
  cannotRun: "no host here has a libvirt as old as that: the oldest, Debian 11's, is 7.0.0",
});
