import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K14",
  title:
    "a guest that reboots again and again brings libvirt's Xen driver to a stop (CVE-2021-4147)",
  symptom: "virsh list hangs while a guest reboots",
  affected: { libvirt: ["<8.0.0"] },
  fix: "libvirt 8.0.0, Debian 7.0.0-3+deb11u3",
  source: "https://security-tracker.debian.org/tracker/CVE-2021-4147",
  fingerprint: [],
  cannotRun: "Debian 11's libvirt has the fix since 7.0.0-3+deb11u3; the others are newer",
});
