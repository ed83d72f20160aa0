import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K56",
  title: "creating and destroying guests at the same time hangs",
  symptom: "libvirtd does not answer; the search for a dead domain never ends",
  affected: { libvirt: ["<1.2.15"] },
  fix: "libvirt 1.2.15 with Xen 4.4.3 or 4.5.1 (6dfec1efba, 4783c99aab)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/6dfec1efba",
  fingerprint: [],
  cannotRun: "no host here has a libvirt as old as that: the oldest, Debian 11's, is 7.0.0",
});
