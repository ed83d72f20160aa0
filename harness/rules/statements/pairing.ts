import { libvirt } from "../commits.ts";
import { LIBVIRT_RELEASES } from "../releases.ts";
import type { Case, Statement } from "../statement.ts";

/** One case for each run of releases with the same minimum. */
function minimumXenCases(): Case[] {
  const starts = LIBVIRT_RELEASES.filter(
    (release, i) => i === 0 || release.minimumXen !== LIBVIRT_RELEASES[i - 1]?.minimumXen,
  );
  return starts.map(({ version, minimumXen }, i) => {
    const end = starts[i + 1]?.version;
    const bounds = [i === 0 ? "" : `>=${version}`, end ? `<${end}` : ""].filter(Boolean);
    return {
      libvirt: bounds.join(" "),
      xen: `<${minimumXen}`,
      status: "fail" as const,
      text: `libvirt of this age needs Xen ${minimumXen} or newer`,
    };
  });
}

export const PAIRING: Statement[] = [
  {
    id: "min-xen",
    topic: "pairing",
    subject: "pair",
    title: "oldest Xen this libvirt accepts",
    range: {},
    ok: "this Xen is not older than this libvirt accepts",
    cases: minimumXenCases(),
    affects: "building libvirt's Xen driver",
    essential: true,
    confidence: "read",
    commits: [libvirt("5bdcef13d", "4.8.0", "libxl: Xen 4.6 is the minimum")],
    links: ["https://libvirt.org/drvxen.html", "https://libvirt.org/news.html"],
    correction:
      'libvirt\'s own page still says "4.6.0 onwards"; since 7.5.0 its build asks for 4.9. For 12.x nothing newer is known.',
  },
  {
    id: "K41",
    topic: "pairing",
    subject: "pair",
    title: "save, restore and migration with stream v2",
    range: {},
    ok: "both sides speak the same migration stream",
    cases: [
      {
        xen: ">=4.6",
        libvirt: ">=1.3.4 <1.3.5",
        status: "fail",
        text: "save, restore and migration are broken: libvirt 1.3.4 takes Xen's stream v2 for the old one; update to 1.3.5",
      },
      {
        xen: ">=4.6",
        libvirt: "<1.3.5",
        status: "warn",
        text: 'a libvirt of 1.3.5 or newer refuses its migrations: "missing Xen migration stream version"',
      },
    ],
    affects: "virsh save, restore and migrate",
    essential: true,
    confidence: "read",
    commits: [
      libvirt("e74406567", "1.3.4", "libxl: sets LIBXL_API_VERSION to 0x040200, the cause"),
      libvirt("5325123d2", "1.3.5", "libxl: stream v2 for save and restore, the fix"),
      libvirt("f9edcfa47", "1.3.5", "libxl: stream version in the migration cookie, the fix"),
    ],
    links: [],
    page: "libvirt 1.3.2 or newer is recommended.",
    correction: "Not 1.3.4 with Xen 4.6 or newer.",
  },
  {
    id: "stream-order",
    topic: "pairing",
    subject: "xen",
    title: "migration between Xen versions",
    range: { xen: ">=4.6" },
    ok: "migrate from old to new, at best one minor version at a time; back is not promised",
    cases: [
      {
        xen: ">=4.14",
        status: "ok",
        text: "migrate from old to new, one minor version at a time; never back: 4.14 added CPUID and MSR policies to the stream",
      },
      {
        xen: "<4.6",
        status: "warn",
        text: "writes the old stream; Xen 4.6 and newer only read it, through convert-legacy-stream",
      },
    ],
    affects: "migration between hosts of different versions",
    confidence: "derived",
    commits: [],
    links: [
      "https://xenbits.xen.org/gitweb/?p=xen.git;a=blob;f=docs/specs/libxc-migration-stream.pandoc",
    ],
  },
  {
    id: "save-version",
    topic: "pairing",
    subject: "xen",
    title: "files of virsh save",
    range: { xen: ">=4.6" },
    ok: "writes save files of version 2 and reads version 1 as well",
    cases: [
      {
        xen: "<4.6",
        status: "warn",
        text: 'reads save files of version 1 only; one of Xen 4.6 or newer is refused: "image version is not supported"',
      },
    ],
    affects: "virsh restore of a file from another host",
    confidence: "read",
    commits: [],
    links: ["https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_conf.h"],
  },
  {
    id: "R09",
    topic: "pairing",
    subject: "pair",
    title: "pairs that Debian ships",
    range: {},
    cases: [
      ...(
        [
          ["4.14", "4.15", "7.0", "7.1", "Debian 11"],
          ["4.17", "4.18", "9.0", "9.1", "Debian 12"],
          ["4.20", "4.21", "11.3", "11.4", "Debian 13"],
          ["4.20", "4.21", "12.8", "12.9", "Debian sid"],
        ] as const
      ).map(([xen, nextXen, version, next, debian]) => ({
        xen: `>=${xen} <${nextXen}`,
        libvirt: `>=${version} <${next}`,
        status: "ok" as const,
        text: `${debian} ships this pair`,
      })),
      {
        status: "warn" as const,
        text: "Debian 11 to sid ship no such pair; their libvirt links the symbols of one Xen minor version, so this one has to be built",
      },
    ],
    affects: "installing the pair from packages",
    confidence: "read",
    commits: [],
    links: ["https://tracker.debian.org/pkg/xen", "https://tracker.debian.org/pkg/libvirt"],
    page: "Check with the distributions whether the relevant versions are available as installable packages.",
    correction:
      "In Debian the matrix is a diagonal: 4.14 with 7.0.0, 4.17 with 9.0.0, 4.20 with 11.3.0 and 4.20 with 12.8.0.",
  },
];
