import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K70",
  title: "a PVH or HVM guest wakes in Xen's own code and faults three times",
  symptom:
    "under emulation, once in a hundred guests or so: Triple fault, with RIP, RSP, CR3 and CS of the hypervisor in the guest's state",
  affected: {},
  fix: "unknown: QEMU's TCG has put the state that VMRUN saved of the host into the guest's VMCB; run the cell again, or with KVM",
  source: "https://gitlab.com/qemu-project/qemu/-/blob/v7.2.0/target/i386/tcg/sysemu/svm_helper.c",
  fingerprint: [{ in: "xl-dmesg", text: /Triple fault(?:.*\n){1,6}?.*RIP: +e008:/ }],
  cannotRun: "it comes by chance; what a run shows of it is found by its fingerprint",
});
