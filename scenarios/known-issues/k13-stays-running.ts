import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K13",
  title: "a guest that has shut down stays running for libvirt",
  symptom: "virsh list says running until virsh destroy",
  affected: { libvirt: [">=6.9.0 <7.1.0"] },
  fix: "libvirt 7.1.0 (87a9d3a6b0), Debian 7.0.0-3+deb11u3",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/87a9d3a6b0",
  fingerprint: [],
  cannotRun: "Debian 11's libvirt has the fix since 7.0.0-3+deb11u3, and still calls itself 7.0.0",
});
