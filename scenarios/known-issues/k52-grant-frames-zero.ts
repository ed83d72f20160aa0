import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K52",
  title: "no guest of libvirt starts with Xen 4.10-rc",
  symptom: "the guest has no grant frames",
  affected: { xen: [">=4.10~rc <4.10.0"] },
  fix: "Xen 4.10.0 (ec3cf54fd2)",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=ec3cf54fd2",
  fingerprint: [],
  cannotRun: "no host here has a Xen as old as that",
});
