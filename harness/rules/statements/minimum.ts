import { LIBVIRT_BASELINE, XEN_BASELINE, libvirt } from "../commits.ts";
import type { Statement } from "../statement.ts";

const BASELINE_EFFECT =
  "many domains created and destroyed at once: hangs, and an endless loop in the search for dead domains (K56)";

export const MINIMUM: Statement[] = [
  {
    id: "R01",
    topic: "minimum",
    subject: "xen",
    title: "minimum Xen",
    range: { xen: ">=4.4.3 <4.5 || >=4.5.1" },
    ok: "has the three fixes of libxl's event handling that the CI baseline asks for",
    cases: [
      {
        xen: ">=4.4 <4.4.3",
        status: "fail",
        text: "lacks the three libxl event fixes; update to 4.4.3, or apply the backports of the 4.4 branch",
        backports: XEN_BASELINE["4.4"],
      },
      {
        xen: ">=4.5 <4.5.1",
        status: "fail",
        text: "lacks the three libxl event fixes; update to 4.5.1, or apply the backports of the 4.5 branch",
        backports: XEN_BASELINE["4.5"],
      },
      {
        xen: "<4.4",
        status: "fail",
        text: "lacks the three libxl event fixes and no branch this old has them; update to 4.4.3 or 4.5.1",
        backports: XEN_BASELINE.development,
      },
    ],
    affects: BASELINE_EFFECT,
    essential: true,
    confidence: "read",
    commits: XEN_BASELINE.development,
    links: [],
    page: "Xen 4.5.1 (or newer) contains the minimum required OpenStack improvements; the Xen changes are backported to the 4.4.3 stable branch.",
  },
  {
    id: "R02",
    topic: "minimum",
    subject: "xen",
    title: "where to read Xen's version",
    range: { xen: "<4.4 || >=4.6" },
    ok: "`virsh version` never shows Xen's patch level, always .0; here the minimum does not depend on it",
    cases: [
      {
        xen: ">=4.4 <4.6",
        status: "warn",
        text: "the patch level decides here and `virsh version` never shows it, always .0: read xen_version of `xl info`",
      },
    ],
    affects: "a check of 4.4.3 or 4.5.1 through libvirt",
    confidence: "read",
    commits: [],
    links: ["https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_conf.c#L1814"],
  },
  {
    id: "R03",
    topic: "minimum",
    subject: "libvirt",
    title: "minimum libvirt",
    range: { libvirt: ">=1.2.15" },
    ok: "has the three changes of jobs and locks that the CI baseline asks for",
    cases: [
      {
        libvirt: ">=1.2.14 <1.2.15",
        status: "fail",
        text: "lacks the three changes of jobs and locks; update to 1.2.15, or apply the backports",
        backports: LIBVIRT_BASELINE,
      },
      {
        libvirt: "<1.2.14",
        status: "fail",
        text: "lacks the three changes of jobs and locks; update to 1.2.15, or to 1.2.14 with the backports",
        backports: LIBVIRT_BASELINE,
      },
    ],
    affects: BASELINE_EFFECT,
    essential: true,
    confidence: "read",
    commits: LIBVIRT_BASELINE,
    links: [],
    page: "libvirt 1.2.15 (or newer) contains the minimum required OpenStack improvements for Xen.",
  },
  {
    id: "R04",
    topic: "minimum",
    subject: "pair",
    title: "recommended libvirt",
    range: { libvirt: ">=1.3.2" },
    ok: "is at least what is recommended: peer-to-peer migration, keepalive and, where Xen needs it, stream v2",
    cases: [
      {
        xen: ">=4.6",
        libvirt: ">=1.3.2 <1.3.5",
        status: "warn",
        text: "with Xen 4.6 or newer 1.3.5 is needed, for migration stream v2; 1.3.2 is not enough",
      },
      {
        libvirt: "<1.3.2",
        status: "warn",
        text: "1.3.2 or newer is recommended, and 1.3.5 with Xen 4.6 or newer",
      },
    ],
    affects: "live migration",
    confidence: "read",
    commits: [
      libvirt("a79da2457", "1.3.2", "libxl: peer-to-peer migration"),
      libvirt("5194eb956", "1.3.2", "libxl: keepalive"),
      libvirt("5325123d2", "1.3.5", "libxl: migration stream v2 for save and restore"),
      libvirt("f9edcfa47", "1.3.5", "libxl: stream version in the migration cookie"),
    ],
    links: [],
    page: "libvirt 1.3.2 or newer is recommended; it is fully supported and tested as part of the Xen Project CI loop.",
    correction:
      "1.3.2 suffices up to Xen 4.5. With Xen 4.6 or newer take 1.3.5: stream v2 came there, and 1.3.4 is broken (K41).",
  },
  {
    id: "R08",
    topic: "minimum",
    subject: "pair",
    title: "packages of Ubuntu 14.04",
    range: {},
    cases: [
      {
        xen: ">=4.4.1-0ubuntu0.14.04.4 <4.4.1-0ubuntu0.14.05",
        status: "warn",
        text: "the page's Ubuntu package of Xen reaches the minimum only rebuilt with the three Xen commits",
        backports: XEN_BASELINE["4.4"],
      },
      {
        libvirt: ">=1.2.2-0ubuntu13 <1.2.2-0ubuntu14",
        status: "warn",
        text: "the page's Ubuntu package of libvirt has to become 1.2.15, or 1.2.14 with the three libvirt commits",
        backports: LIBVIRT_BASELINE,
      },
    ],
    affects: "an installation from Ubuntu's packages alone",
    confidence: "read",
    commits: [],
    links: ["https://wiki.xenproject.org/wiki/OpenStack_CI_Loop_for_Xen-Libvirt"],
    page: "Alternatively use the Ubuntu LTS 14.04 packages Xen 4.4.1-0ubuntu0.14.04.4 and libvirt 1.2.2-0ubuntu13.1.7, patched and updated to 1.2.15, or 1.2.14 with patches.",
    correction:
      "The page only links to the patches. They are the six commits of the CI baseline: three of Xen, three of libvirt.",
  },
];
