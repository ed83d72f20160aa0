import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K18",
  title: "the destination of a migration listens on 127.0.1.1",
  symptom:
    "connection refused, or the wrong host: Debian's /etc/hosts maps a host's own name to 127.0.1.1",
  affected: {},
  fix: "configuration: virsh migrate --migrateuri tcp://ADDRESS, or a clean /etc/hosts",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_migration.c",
  fingerprint: [],
  cannotRun: "it takes two hosts that reach each other, and a reproducer has one",
});
