import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K51",
  title: "a PV guest with a qdisk cannot be migrated to its own image",
  symptom: 'Failed to get "write" lock, and a pause of 10 s',
  affected: { xen: ["<4.13"] },
  fix: "Xen 4.13 (899433f149)",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=899433f149",
  fingerprint: [{ in: "qemu-dm", text: /Failed to get "write" lock/ }],
  cannotRun: "no host here has a Xen as old as that",
});
