import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K27",
  title: "a compressed second module of a PVH guest cannot be unpacked",
  symptom: "gunzip of the ramdisk fails: its size is rounded up",
  affected: { xen: ["<4.17.5"] },
  fix: "Xen 4.19.0, 4.18.3, 4.17.5 (4c3a618b0a)",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=4c3a618b0a",
  fingerprint: [],
  cannotRun: "it takes Xen or XTF as a PVH guest, and no host here carries either",
});
