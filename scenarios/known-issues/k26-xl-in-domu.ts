import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K26",
  title: "xl crashes when it is run in a guest",
  symptom: "segmentation fault in the autoballoon check",
  affected: { xen: [">=4.20.0 <4.20.2"] },
  fix: "Xen 4.21.0, 4.20.2 (a4988c4177)",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=a4988c4177",
  fingerprint: [],
  cannotRun: "Debian 13 has had the fix since 4.20.2",
});
