import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K10",
  title: "pygrub runs out of space on a host whose dom0 is small",
  symptom: "[Errno 28] No space left on device; Error writing temporary copy of ramdisk",
  affected: { xen: ["<4.17.3"] },
  fix: "Xen 4.18.0, 4.17.3 (ad89640ad7): writes to /var/lib/xen instead of a tmpfs",
  source: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=ad89640ad7",
  fingerprint: [{ in: "bootloader", text: /Error writing temporary copy of (kernel|ramdisk)/ }],
  cannotRun: "it takes an initial ramdisk of 45 MB, and the guests here have one of 2 MB",
});
