import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K40",
  title: "a migrating guest stays migrating, and its monitoring crashes",
  symptom: "virsh domjobinfo is not supported, or crashes libvirtd",
  affected: { libvirt: ["<1.3.1"] },
  fix: "libvirt 1.3.1 (ad71665104, b7b439196c)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/ad71665104",
  fingerprint: [],
  cannotRun: "no host here has a libvirt as old as that: the oldest, Debian 11's, is 7.0.0",
});
