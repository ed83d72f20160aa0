import { knownIssue } from "../../harness/scenario/index.ts";

export default knownIssue({
  id: "K59",
  title: "libxl gives up a device model that answers later than its fixed time",
  symptom: "libxenlight failed to create new domain; device model did not start: -9",
  affected: {},
  fix: "none: the time is compiled in, and -9 is libxl's timeout",
  source:
    "https://xenbits.xen.org/gitweb/?p=xen.git;a=blob;f=tools/libs/light/libxl_dm.c;hb=RELEASE-4.17.5",
  fingerprint: [
    { in: "libxl", text: /Post DM startup configs failed, rc=-9/ },
    { in: "libxl", text: /device model did not start: -9/ },
  ],
  cannotRun: "it takes a machine that is too slow: seen under emulation with other work on it",
});
