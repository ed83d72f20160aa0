import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K75",
  title:
    "a guest runs on both hosts when its destination does not answer at the end of a migration",
  symptom:
    "virsh migrate: connection closed due to keepalive timeout; the guest goes on at the source, and at the destination as well, whether that host stood still for a while or only the link to it was cut: two guests write to one disk",
  affected: {},
  fix: "none; fence a destination that does not answer before the guest is used again, or have libvirt's lock manager (lockd, sanlock) keep the second one from the disk. libvirt's source takes a finish that nobody answered for one that failed",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libvirt-domain.c",
  fingerprint: [{ in: "reason", text: /runs on source and destination/ }],
  cannotRun:
    "it takes two hosts, one of which is frozen or cut off; the scenario migration-faults shows it in the phase finish, by the faults destination-host and link-cut",
});
