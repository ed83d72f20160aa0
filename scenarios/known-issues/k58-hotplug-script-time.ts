import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K58",
  title: "libxl kills a hotplug script that takes longer than its fixed time",
  symptom:
    "libxenlight failed to create new domain; the script that makes the loop device was killed",
  affected: {},
  fix: "none: the time is compiled in; a disk that QEMU serves needs no script, as with <driver name='qemu'/>",
  source:
    "https://xenbits.xen.org/gitweb/?p=xen.git;a=blob;f=tools/libs/light/libxl_aoutils.c;hb=RELEASE-4.17.5",
  fingerprint: [
    { in: "libxl", text: /killing execution of \/etc\/xen\/scripts\/\S+ add because of/ },
  ],
  cannotRun: "it takes a machine that is too slow: seen under emulation with other work on it",
});
