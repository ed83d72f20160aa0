import type { Commit } from "./statement.ts";

const COMMIT_URL: Record<Commit["repo"], string> = {
  xen: "https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=",
  libvirt: "https://gitlab.com/libvirt/libvirt/-/commit/",
  nova: "https://github.com/openstack/nova/commit/",
};

/** Where a commit can be read by a person. */
export function commitUrl({ repo, hash }: Commit): string {
  return COMMIT_URL[repo] + hash;
}

export function xen(hash: string, firstIn: string, what: string): Commit {
  return { repo: "xen", hash, firstIn, what };
}

export function libvirt(hash: string, firstIn: string, what: string): Commit {
  return { repo: "libvirt", hash, firstIn, what };
}

export function nova(hash: string, firstIn: string, what: string): Commit {
  return { repo: "nova", hash, firstIn, what };
}

const AO_WORK = "libxl: event handling: Break out ao_work_outstanding";
const AO_WAIT = "libxl: event handling: ao_inprogress does waits while reports outstanding";
const DEATH_SEARCH = "libxl: In domain death search, start search at first domid we want";

/** The three Xen changes of the CI baseline, in each branch that has them. */
export const XEN_BASELINE = {
  development: [
    xen("93699882d9", "4.6.0", AO_WORK),
    xen("f1335f0d7b", "4.6.0", AO_WAIT),
    xen("4783c99aab", "4.6.0", DEATH_SEARCH),
  ],
  "4.5": [
    xen("97051bd952", "4.5.1", AO_WORK),
    xen("bf06e40002", "4.5.1", AO_WAIT),
    xen("0b19348f3c", "4.5.1", DEATH_SEARCH),
  ],
  "4.4": [
    xen("ba683105b5", "4.4.3", AO_WORK),
    xen("dfed6d96fd", "4.4.3", AO_WAIT),
    xen("13623d5d8e", "4.4.3", DEATH_SEARCH),
  ],
} as const satisfies Record<string, Commit[]>;

/** The three libvirt changes of the CI baseline. */
export const LIBVIRT_BASELINE: Commit[] = [
  libvirt("f86ae40324", "1.2.15", "libxl: Move job acquisition in libxlDomainStart to callers"),
  libvirt("894d2ff759", "1.2.15", "libxl: acquire a job when destroying a domain"),
  libvirt("6dfec1efba", "1.2.15", "libxl: drop virDomainObj lock when destroying a domain"),
];

/** The two commits the page names for monitoring a live migration. */
export const JOB_MONITORING: Commit[] = [
  libvirt(
    "ad716651041e84281767083b3af27396c0f66c07",
    "1.3.1",
    "libxl: implement virDomainGetJobInfo",
  ),
  libvirt(
    "b7b439196c11156a1691a72264538a8bde0605fa",
    "1.3.1",
    "libxl: implement virDomainGetJobStats",
  ),
];
