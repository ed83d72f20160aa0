import { JOB_MONITORING, libvirt } from "../commits.ts";
import type { Statement } from "../statement.ts";

export const MONITORING: Statement[] = [
  {
    id: "R07",
    topic: "monitoring",
    subject: "libvirt",
    title: "job information and statistics",
    range: { libvirt: ">=1.3.1" },
    ok: "answers `virsh domjobinfo`",
    cases: [
      {
        libvirt: "<1.3.1",
        status: "fail",
        text: '`virsh domjobinfo` answers "this function is not supported by the connection driver: virDomainGetJobInfo"; nova\'s monitor crashes and the instance stays MIGRATING (K40); update to 1.3.1, or apply the backports',
        backports: JOB_MONITORING,
      },
    ],
    affects: "monitoring of live migration by nova from Kilo on",
    confidence: "read",
    commits: JOB_MONITORING,
    links: [],
    page: "Live migration monitoring relies on libvirt APIs that are only implemented from 1.3.1 onwards; before it backport ad71665 and b7b4391.",
  },
  {
    id: "R73",
    topic: "monitoring",
    subject: "libvirt",
    title: "what a running migration reports",
    range: { libvirt: ">=4.8.0" },
    ok: "`virsh domjobinfo` says Unbounded and the time elapsed while a migration runs",
    cases: [
      {
        libvirt: ">=1.3.1 <4.8.0",
        status: "warn",
        text: "`virsh domjobinfo` says None even while a migration runs, as no job is held; progress is visible from 4.8.0 on",
      },
    ],
    affects: "monitoring of live migration",
    confidence: "seen",
    commits: [libvirt("47da84e09", "4.8.0", "libxl: hold the job through a migration")],
    links: [],
    page: "libvirt 1.3.2 addresses live migration monitoring related issues.",
    correction:
      "From 1.3.1 the calls answer, but they say None during a migration until 4.8.0, which says Unbounded.",
  },
  {
    id: "K19",
    topic: "monitoring",
    subject: "libvirt",
    title: "statistics of a finished migration",
    range: {},
    cases: [
      {
        libvirt: ">=1.3.1",
        status: "warn",
        text: 'no version keeps them: `virsh domjobinfo --completed` is "unsupported flags (0x1)"',
      },
    ],
    affects: "virsh domjobinfo --completed",
    confidence: "read",
    commits: [],
    links: ["https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_driver.c"],
  },
  {
    id: "R75",
    topic: "monitoring",
    subject: "libvirt",
    title: "abort of a migration",
    range: {},
    cases: [
      {
        status: "warn",
        text: 'no version can abort a migration: "this function is not supported by the connection driver: virDomainAbortJob"',
      },
    ],
    affects: "virsh domjobabort; nova's support matrix claims it",
    confidence: "read",
    commits: [],
    links: ["https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libxl/libxl_driver.c"],
  },
];
