import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K28",
  title: "Linux 5.19 or newer does not start as a PV guest where the processor has XSAVEC",
  symptom: "the kernel stops on CPUID leaf 0xD/1 with EBX 0 (Debian bug 1020787)",
  affected: { xen: ["<4.16.3"], kernel: [">=5.19"] },
  fix: "Xen 4.17.0, 4.16.3 (c3bd0b83ea)",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=c3bd0b83ea",
  fingerprint: [],
  cannotRun: "QEMU's emulation has no XSAVEC, and Debian 11's kernel is 5.10",
});
