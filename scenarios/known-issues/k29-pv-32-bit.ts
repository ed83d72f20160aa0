import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K29",
  title: "a 32-bit PV guest does not start",
  symptom: "the hypervisor refuses the kernel",
  affected: { xen: [">=4.16"] },
  fix: "none, by design: use a 64-bit kernel, or pvshim",
  source: "https://xenbits.xen.org/docs/4.16-testing/",
  fingerprint: [],
  cannotRun: "no host here carries a 32-bit kernel",
});
