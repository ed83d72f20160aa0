import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K74",
  title: "a guest whose destination cannot restore it stands still, and libvirt says that it runs",
  symptom:
    "virsh migrate: Migration failed. Domain is not running on destination host; on the source virsh domstate says running, xl list says suspended (s), and the guest never goes on; the destination's libxl-driver.log: Unable to restore HVM context",
  affected: { libvirt: [">=11.3.0"] },
  fix: "none known; Xen 4.20 to 4.17 or 4.14 does it each time. systemctl restart libvirtd, virsh dompmwakeup and virsh resume bring the guest back",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/libxl/libxl_migration.c",
  fingerprint: [
    { in: "reason", text: /Domain is not running on destination host/ },
    { in: "libxl", text: /Unable to restore HVM context/ },
  ],
  cannotRun:
    "it takes two hosts, and a reproducer has one; the scenario migration-versions shows it on a pair",
});
