import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K31",
  title: "pygrub cannot read a qcow2 image where dom0 has no QEMU",
  symptom: "the bootloader fails: qemu-system-xen is only recommended by Debian's packages",
  affected: {},
  fix: "install qemu-system-xen, and restart the service xen",
  source: "https://packages.debian.org/bookworm/xen-utils-4.17",
  fingerprint: [],
  cannotRun: "every host here has qemu-system-xen",
});
