import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K23",
  title: "the second channel of a guest clashes with the first",
  symptom: "xl create with two channels fails on a device id that is taken",
  affected: { xen: [">=4.11 <4.18", ">=4.18 <4.18.5", ">=4.19 <4.19.2", ">=4.20.0 <4.20.1"] },
  fix: "Xen 4.21.0, 4.20.1, 4.19.2, 4.18.5 (e1ccced4af); not in 4.17",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=e1ccced4af",
  fingerprint: [],
  cannotRun: "the page of facts gives no text that xl would say, and none was seen yet",
});
