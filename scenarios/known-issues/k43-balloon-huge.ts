import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K43",
  title: "dom0 balloons by a huge value with Xen 4.8",
  symptom: "dom0 has no memory left",
  affected: { libvirt: ["<3.1.0"], xen: [">=4.8"] },
  fix: "libvirt 3.1.0 (f86a7a837)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/f86a7a837",
  fingerprint: [],
  cannotRun: "no host here has a libvirt as old as that: the oldest, Debian 11's, is 7.0.0",
});
