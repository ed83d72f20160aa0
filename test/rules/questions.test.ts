import t from "tap";
import { answer, exitCodeOf } from "../../harness/rules/index.ts";
import type { RuleStatus } from "../../harness/rules/statement.ts";

/** What the facts say of a pair: each line was read there, not in the implementation. */
interface Question {
  why: string;
  xen: string;
  libvirt: string;
  minimum: boolean;
  /** As `minimum` unless told. */
  supported?: boolean;
  statements: Record<string, RuleStatus>;
  /** First digits of the commits to apply, in any order. */
  backports?: string[];
}

const XEN_4_4 = ["ba683105b5", "dfed6d96fd", "13623d5d8e"];
const XEN_4_5 = ["97051bd952", "bf06e40002", "0b19348f3c"];
const XEN_DEVELOPMENT = ["93699882d9", "f1335f0d7b", "4783c99aab"];
const LIBVIRT = ["f86ae40324", "894d2ff759", "6dfec1efba"];
const MONITORING = ["ad71665104", "b7b439196c"];

const questions: Question[] = [
  {
    why: "the example: Xen is one patch level short, libvirt is not",
    xen: "4.4.2",
    libvirt: "1.2.20",
    minimum: false,
    statements: { R01: "fail", R02: "warn", R03: "ok", R05: "ok", R06: "fail", R07: "fail" },
    backports: [...XEN_4_4, ...MONITORING],
  },
  {
    why: "the page's minimum in the 4.4 line: migration, but neither nova's calls nor monitoring",
    xen: "4.4.3",
    libvirt: "1.2.15",
    minimum: true,
    statements: {
      R01: "ok",
      R03: "ok",
      R04: "warn",
      R05: "ok",
      R06: "fail",
      R07: "fail",
      R71: "fail",
    },
    backports: MONITORING,
  },
  {
    why: "4.5.0 is newer than 4.4.3 and yet too old",
    xen: "4.5.0",
    libvirt: "1.3.2",
    minimum: false,
    statements: { R01: "fail", R04: "ok", R07: "ok" },
    backports: XEN_4_5,
  },
  {
    why: "the page's recommendation with the Xen of its day",
    xen: "4.5.1",
    libvirt: "1.3.2",
    minimum: true,
    statements: {
      R01: "ok",
      R04: "ok",
      R07: "ok",
      R71: "ok",
      R73: "warn",
      "R72.tunnelled": "fail",
    },
    backports: [],
  },
  {
    why: "libvirt 1.3.4 takes stream v2 for the legacy one",
    xen: "4.6.0",
    libvirt: "1.3.4",
    minimum: true,
    supported: false,
    statements: { K41: "fail", R04: "warn" },
  },
  {
    why: "Xen 4.5 still speaks the legacy stream",
    xen: "4.5.1",
    libvirt: "1.3.4",
    minimum: true,
    statements: { K41: "ok", R04: "ok" },
  },
  {
    why: "the real recommendation from Xen 4.6 on",
    xen: "4.6.0",
    libvirt: "1.3.5",
    minimum: true,
    statements: { K41: "ok", R04: "ok", "min-xen": "ok", "save-version": "ok" },
  },
  {
    why: "the page's recommendation with Xen 4.6: no stream version in the cookie",
    xen: "4.6.1",
    libvirt: "1.3.2",
    minimum: true,
    statements: { K41: "warn", R04: "warn", R71: "ok" },
  },
  {
    why: "libvirt 1.3.5 needs Xen 4.4 in practice",
    xen: "4.3.4",
    libvirt: "1.3.5",
    minimum: false,
    statements: { R01: "fail", "min-xen": "fail" },
    backports: XEN_DEVELOPMENT,
  },
  {
    why: "the page's Ubuntu packages, before any patch",
    xen: "4.4.1-0ubuntu0.14.04.4",
    libvirt: "1.2.2-0ubuntu13.1.7",
    minimum: false,
    statements: { R01: "fail", R03: "fail", R05: "fail", R08: "warn" },
    backports: [...XEN_4_4, ...LIBVIRT, ...MONITORING],
  },
  {
    why: "the page's other way: 1.2.14 with patches",
    xen: "4.4.3",
    libvirt: "1.2.14",
    minimum: false,
    statements: { R01: "ok", R03: "fail", R05: "ok", K50: "ok" },
    backports: [...LIBVIRT, ...MONITORING],
  },
  {
    why: "the page claims migration for 1.2.5",
    xen: "4.5.1",
    libvirt: "1.2.5",
    minimum: false,
    statements: { R03: "fail", R05: "fail", R06: "fail" },
  },
  {
    why: "migration came with 1.2.6, and blocked the event loop",
    xen: "4.5.1",
    libvirt: "1.2.6",
    minimum: false,
    statements: { R05: "ok", R06: "fail", K50: "warn", K42: "warn" },
  },
  {
    why: "the last release before nova's calls work",
    xen: "4.5.2",
    libvirt: "1.2.20",
    minimum: true,
    statements: { R06: "fail", R71: "fail" },
  },
  {
    why: "the page says 1.3.0 for what 1.2.21 fixed",
    xen: "4.5.2",
    libvirt: "1.2.21",
    minimum: true,
    statements: { R06: "ok", R07: "fail", R71: "fail", "call.dommemstat": "warn" },
  },
  {
    why: "1.3.0 still lacks the job calls",
    xen: "4.5.2",
    libvirt: "1.3.0",
    minimum: true,
    statements: { R06: "ok", R07: "fail" },
    backports: MONITORING,
  },
  {
    why: "1.3.1 has the job calls, and says None during a migration",
    xen: "4.5.2",
    libvirt: "1.3.1",
    minimum: true,
    statements: { R07: "ok", R73: "warn", R71: "fail", R04: "warn" },
    backports: [],
  },
  {
    why: "persistent destination came with 2.3.0",
    xen: "4.7.0",
    libvirt: "2.2.0",
    minimum: true,
    statements: { "R72.persist-dest": "fail", K42: "warn", "call.cpu-compare": "warn" },
  },
  {
    why: "2.3.0 keeps the definition; ports leak until 2.4.0",
    xen: "4.7.0",
    libvirt: "2.3.0",
    minimum: true,
    statements: { "R72.persist-dest": "ok", K42: "warn", "R72.tunnelled": "fail" },
  },
  {
    why: "dom0's balloon with Xen 4.8, detach and tunnelled migration came right with 3.1.0",
    xen: "4.8.0",
    libvirt: "3.0.0",
    minimum: true,
    statements: { K43: "warn", K44: "warn", "R72.tunnelled": "fail", K42: "ok", R60: "warn" },
  },
  {
    why: "tunnelled migration since 3.1.0",
    xen: "4.8.0",
    libvirt: "3.1.0",
    minimum: true,
    statements: { K43: "ok", K44: "ok", "R72.tunnelled": "ok", R73: "warn" },
  },
  {
    why: "progress shows from 4.8.0 on, which asks for Xen 4.6",
    xen: "4.5.5",
    libvirt: "4.8.0",
    minimum: true,
    supported: false,
    statements: { "min-xen": "fail", R73: "ok" },
  },
  {
    why: "Xen has PVH, libvirt has not yet",
    xen: "4.10.0",
    libvirt: "4.9.0",
    minimum: true,
    statements: { pvh: "fail", "min-xen": "ok" },
  },
  {
    why: "libvirt has PVH, Xen has not yet",
    xen: "4.9.4",
    libvirt: "4.10.0",
    minimum: true,
    statements: { pvh: "fail" },
  },
  {
    why: "the first pair with PVH",
    xen: "4.10.0",
    libvirt: "4.10.0",
    minimum: true,
    statements: { pvh: "ok", K03: "warn", K07: "ok" },
  },
  {
    why: "7.5.0 dropped Xen before 4.9",
    xen: "4.8.5",
    libvirt: "7.5.0",
    minimum: true,
    supported: false,
    statements: { "min-xen": "fail" },
  },
  {
    why: "7.4.0 still took Xen 4.8, and the balloon's underflow needs Xen 4.13",
    xen: "4.8.5",
    libvirt: "7.4.0",
    minimum: true,
    statements: { "min-xen": "ok", K01: "ok" },
  },
  {
    why: "Debian 11, as its tools tell the versions",
    xen: "4.14.6",
    libvirt: "7.0.0",
    minimum: true,
    statements: {
      R09: "ok",
      pvh: "ok",
      K01: "ok",
      K02: "warn",
      K03: "warn",
      K07: "fail",
      K10: "warn",
      K11: "ok",
      K13: "warn",
      K14: "warn",
      K23: "warn",
      K29: "ok",
    },
  },
  {
    why: "Debian 11's packages carry two later fixes",
    xen: "4.14.6-1",
    libvirt: "7.0.0-3+deb11u3",
    minimum: true,
    statements: { R09: "ok", K13: "ok", K14: "ok" },
  },
  {
    why: "Debian 12 by its packages: the one whose guests need dom0_mem",
    xen: "4.17.5+72-g01140da4e8-1",
    libvirt: "9.0.0-4+deb12u2",
    minimum: true,
    statements: {
      R09: "ok",
      K01: "warn",
      K02: "warn",
      K03: "ok",
      K07: "fail",
      K10: "ok",
      K11: "ok",
      K14: "ok",
      K23: "warn",
      K29: "warn",
      R73: "ok",
    },
    backports: [],
  },
  {
    why: "Debian 13 calls itself a prerelease",
    xen: "4.20.4-pre",
    libvirt: "11.3.0",
    minimum: true,
    statements: { R09: "ok", K01: "ok", K02: "ok", K07: "warn", K11: "warn", K23: "ok", R04: "ok" },
  },
  {
    why: "Debian sid",
    xen: "4.20.5-pre",
    libvirt: "12.8.0",
    minimum: true,
    statements: { R09: "ok", "min-xen": "ok", K01: "ok" },
  },
  {
    why: "two releases of Debian mixed: to be built",
    xen: "4.20.4-pre",
    libvirt: "9.0.0",
    minimum: true,
    statements: { R09: "warn", K01: "warn" },
  },
  {
    why: "a release candidate is not the release",
    xen: "4.4.3-rc1",
    libvirt: "1.2.15-rc2",
    minimum: false,
    statements: { R01: "fail", R03: "fail" },
    backports: [...XEN_4_4, ...LIBVIRT, ...MONITORING],
  },
  {
    why: "a release candidate of 4.5 is not of the 4.4 line",
    xen: "4.5-rc1",
    libvirt: "1.3.2",
    minimum: false,
    statements: { R01: "fail" },
    backports: XEN_4_5,
  },
];

for (const {
  why,
  xen,
  libvirt,
  minimum,
  supported = minimum,
  statements,
  backports,
} of questions) {
  t.test(`Xen ${xen}, libvirt ${libvirt}: ${why}`, async (t) => {
    const answered = answer({ xen, libvirt });
    const status = new Map(answered.statements.map((one) => [one.id, one.status]));
    const told = Object.keys(statements).map((id) => [id, status.get(id) ?? "silent"]);
    t.equal(answered.minimumMet, minimum, "minimum met");
    t.equal(exitCodeOf(answered), minimum ? 0 : 1, "exit code");
    t.equal(answered.supported, supported, "supported");
    t.same(Object.fromEntries(told), statements);
    if (backports) {
      const hashes = answered.backports.map(({ hash }) => hash.slice(0, 10));
      t.same(hashes.sort(), [...backports].sort(), "backports");
    }
  });
}
