import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K44",
  title: "a disk without <driver> cannot be detached",
  symptom: "unrecognized disk backend type: 0",
  affected: { libvirt: ["<3.1.0"] },
  fix: "libvirt 3.1.0 (bd1168101, 321a28c6a)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/bd1168101",
  fingerprint: [{ in: "libxl", text: /unrecognized disk backend type: 0/ }],
  cannotRun: "no host here has a libvirt as old as that: the oldest, Debian 11's, is 7.0.0",
});
