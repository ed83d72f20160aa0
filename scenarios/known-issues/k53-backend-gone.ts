import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K53",
  title: "removing a device whose backend is gone is reported as failed",
  symptom: "virsh detach-device fails though the device is gone",
  affected: { xen: ["<4.11"] },
  fix: "Xen 4.11 (9eaaedfcde)",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=9eaaedfcde",
  fingerprint: [],
  cannotRun: "no host here has a Xen as old as that",
});
