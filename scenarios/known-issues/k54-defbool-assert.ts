import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K54",
  title: "an assertion of libxl ends libvirtd",
  symptom: "libxl_defbool_val: Assertion failed",
  affected: { xen: [">=4.15~rc <4.15.0"] },
  fix: "Xen 4.15.0 (8ef6345ef5)",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=8ef6345ef5",
  fingerprint: [{ in: "journal", text: /libxl_defbool_val.*Assertion/ }],
  cannotRun: "no host here has a Xen as old as that",
});
