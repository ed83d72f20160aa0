import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K42",
  title: "the 65th migration finds no port",
  symptom: "Unable to find an unused port in range 'migration' (49152-49216)",
  affected: { libvirt: ["<2.4.0"] },
  fix: "libvirt 2.4.0 (f830674bf)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/f830674bf",
  fingerprint: [{ in: "reason", text: /Unable to find an unused port in range 'migration'/ }],
  cannotRun: "no host here has a libvirt as old as that: the oldest, Debian 11's, is 7.0.0",
});
