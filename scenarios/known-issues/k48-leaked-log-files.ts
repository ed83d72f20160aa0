import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K48",
  title: "libvirtd runs out of file descriptors after many guests",
  symptom: "too many open files: each domain's log stays open",
  affected: { libvirt: [">=3.0.0 <4.5.0"] },
  fix: "libvirt 4.5.0 (67c56f6e6)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/67c56f6e6",
  fingerprint: [],
  cannotRun: "no host here has a libvirt as old as that: the oldest, Debian 11's, is 7.0.0",
});
