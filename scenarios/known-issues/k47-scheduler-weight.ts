import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K47",
  title: "a guest has the scheduler weight 1000 instead of 256",
  symptom: "xl sched-credit2 says 1000",
  affected: { libvirt: ["<4.2.0"] },
  fix: "libvirt 4.2.0 (83edaf443)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/83edaf443",
  fingerprint: [],
  cannotRun: "no host here has a libvirt as old as that: the oldest, Debian 11's, is 7.0.0",
});
