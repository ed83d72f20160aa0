import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K45",
  title: "a domain cannot be undefined after a plain save and restore",
  symptom: "Refusing to undefine while domain managed save image exists",
  affected: { libvirt: ["<4.4.0"] },
  fix: "libvirt 4.4.0 (ac4a12db7)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/ac4a12db7",
  fingerprint: [
    { in: "reason", text: /Refusing to undefine while domain managed save image exists/ },
  ],
  cannotRun: "no host here has a libvirt as old as that: the oldest, Debian 11's, is 7.0.0",
});
