import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K17",
  title: "migration is refused when the destination's name is localhost",
  symptom: "hostname on destination resolved to localhost, but migration requires an FQDN",
  affected: {},
  fix: "configuration: give the destination a name of its own, or use --migrateuri",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_migration.c",
  fingerprint: [{ in: "reason", text: /hostname on destination resolved to localhost/ }],
  cannotRun: "it takes two hosts that reach each other, and a reproducer has one",
});
