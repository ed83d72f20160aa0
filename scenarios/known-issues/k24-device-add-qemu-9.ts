import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K24",
  title: "devices cannot be plugged into an HVM guest with QEMU 9.2 or newer",
  symptom: "the QMP command device_add is refused",
  affected: { xen: ["<4.19.5", ">=4.20 <4.20.3"], qemu: [">=9.2"] },
  fix: "Xen 4.22.0, 4.21.1, 4.20.3, 4.19.5 (85e12104f4)",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=85e12104f4",
  fingerprint: [],
  cannotRun: "Debian 13 has had the fix since 4.20.3, and the older hosts have an older QEMU",
});
