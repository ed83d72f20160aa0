import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K73",
  title: "a destination whose source has gone waits for the rest of the guest for ever",
  symptom:
    "after a link that was cut: the next migration is refused, domain 'NAME' is already being started; xl list on the destination has a paused half of the guest, and a port of migrations stays open",
  affected: {},
  fix: "none; on the destination xl destroy the half, and restart libvirtd. Nothing probes the connection that the data comes by",
  source: "https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_migration.c",
  fingerprint: [{ in: "reason", text: /domain '.*' is already being started/ }],
  cannotRun:
    "it takes a wire that is cut while memory flows; the scenario migration-faults shows it, by the fault link-cut",
});
