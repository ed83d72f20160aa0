import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K41",
  title: "save, restore and migration are broken with Xen 4.6 or newer",
  symptom: "the stream cannot be read",
  affected: { libvirt: [">=1.3.4 <1.3.5"], xen: [">=4.6"] },
  fix: "libvirt 1.3.5 (5325123d2, f9edcfa47)",
  source: "https://gitlab.com/libvirt/libvirt/-/commit/5325123d2",
  fingerprint: [],
  cannotRun: "no host here has a libvirt as old as that: the oldest, Debian 11's, is 7.0.0",
});
