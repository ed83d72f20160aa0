import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K57",
  title: "no PV guest can migrate live: Xen is built without shadow paging",
  symptom:
    "internal error: Failed to send migration data to destination host; in libxl-driver.log: Failed to enable logdirty: 95,22,0",
  affected: { xen: [">=4.17.7"] },
  fix: "by design since XSA-495 (CVE-2026-42493): use PVH or HVM guests, or build Xen with CONFIG_SHADOW_PAGING=y",
  source: "https://xenbits.xen.org/xsa/advisory-495.html",
  fingerprint: [{ in: "libxl", text: /Failed to enable logdirty: 95,22,0/ }],
  cannotRun:
    "it takes two hosts, and a reproducer has one; the scenario migration-pv shows it on a pair",
});
