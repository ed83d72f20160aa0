import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K46",
  title: "a guest with an odd memory size is not created",
  symptom: "can't allocate low memory for domain: Out of memory",
  affected: { libvirt: ["<4.1.0"] },
  fix: "libvirt 4.1.0 (ef71caeaa)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/ef71caeaa",
  fingerprint: [{ in: "libxl", text: /can't allocate low memory for domain: Out of memory/ }],
  cannotRun: "no host here has a libvirt as old as that: the oldest, Debian 11's, is 7.0.0",
});
