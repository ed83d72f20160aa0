import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K32",
  title: "libguestfs cannot use a connection to Xen",
  symptom:
    "libvirt hypervisor doesn't support qemu or KVM, so we cannot create the libguestfs appliance",
  affected: {},
  fix: "none: install libvirt's QEMU driver, or set LIBGUESTFS_BACKEND=direct",
  source: "https://bugzilla.redhat.com/show_bug.cgi?id=886915",
  fingerprint: [
    {
      in: "reason",
      text: /doesn't support qemu or KVM, so we cannot create the libguestfs appliance/,
    },
  ],
  cannotRun:
    "only debian-12-guestfs has libguestfs; the scenario inject-by-libguestfs shows it there",
});
