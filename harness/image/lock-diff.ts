import type { HostLock, LockedPackage } from "./lock-file.ts";

/** One package, as it was and as it is; the other side is undefined where it came or went. */
export interface LockChange {
  name: string;
  before: LockedPackage | undefined;
  after: LockedPackage | undefined;
}

export interface LockDiff {
  /** By role, also where nothing moved; absent where neither lock has such a package. */
  roles: Partial<Record<LockRole, LockChange>>;
  /** All other packages that differ, by name. */
  changes: LockChange[];
  /** Suites that only one of the locks was resolved from. */
  suites: { added: string[]; removed: string[] };
  /** False when an image built from either lock is the same. */
  isChanged: boolean;
}

/** What a host is known by; the package's name moves with its version. */
const ROLES = {
  Xen: /^xen-hypervisor-[\d.]+-amd64$/,
  libvirt: /^libvirt-daemon$/,
  Linux: /^linux-image-\d.*-amd64$/,
} as const;

export type LockRole = keyof typeof ROLES;
const ROLE_NAMES = Object.keys(ROLES) as LockRole[];

/** Version of the package that plays a role in a host, e.g. `4.17.5+72-g01140da4e8-1`. */
export function lockedVersion(lock: HostLock, role: LockRole): string | undefined {
  return lock.packages.find(({ name }) => ROLES[role].test(name))?.version;
}

/** What moves between two locks of a host. */
export function diffLocks(before: HostLock | undefined, after: HostLock): LockDiff {
  const changes = changedPackages(before?.packages ?? [], after.packages);
  const roles: LockDiff["roles"] = {};
  for (const role of ROLE_NAMES) {
    const find = (lock?: HostLock) => lock?.packages.find(({ name }) => ROLES[role].test(name));
    const [old, now] = [find(before), find(after)];
    const named = now ?? old;
    if (named) roles[role] = { name: named.name, before: old, after: now };
  }
  const shown = new Set(Object.values(roles).flatMap((c) => [c.before?.name, c.after?.name]));
  const suites = [before, after].map((lock) => Object.keys(lock?.releaseDates ?? {}));
  const [old = [], now = []] = suites;
  return {
    roles,
    changes: changes.filter(({ name }) => !shown.has(name)),
    suites: {
      added: now.filter((suite) => !old.includes(suite)),
      removed: old.filter((suite) => !now.includes(suite)),
    },
    isChanged:
      changes.length > 0 ||
      before?.release !== after.release ||
      JSON.stringify(before.components) !== JSON.stringify(after.components) ||
      JSON.stringify(before.requested) !== JSON.stringify(after.requested),
  };
}

function changedPackages(
  before: readonly LockedPackage[],
  after: readonly LockedPackage[],
): LockChange[] {
  const old = new Map(before.map((locked) => [locked.name, locked]));
  const now = new Map(after.map((locked) => [locked.name, locked]));
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  return names
    .filter((name) => old.get(name)?.sha256 !== now.get(name)?.sha256)
    .map((name) => ({ name, before: old.get(name), after: now.get(name) }));
}

/** The difference for people: Xen, libvirt and the kernel first, then what else moved. */
export function renderLockDiff(diff: LockDiff): string {
  const roles = ROLE_NAMES.flatMap((role) => {
    const change = diff.roles[role];
    return change ? [`  ${role.padEnd(8)} ${movement(change, true)}`] : [];
  });
  const group = (title: string, wanted: (change: LockChange) => boolean) => {
    const rows = diff.changes.filter(wanted);
    if (rows.length === 0) return [];
    return [`  ${rows.length} ${title}:`, ...rows.map((c) => `    ${c.name} ${movement(c)}`)];
  };
  const suites = [
    ...diff.suites.added.map((suite) => `  + resolved from ${suite}`),
    ...diff.suites.removed.map((suite) => `  - not resolved from ${suite} any more`),
  ];
  return [
    ...roles,
    ...suites,
    ...group("moved", (c) => c.before !== undefined && c.after !== undefined),
    ...group("added", (c) => c.before === undefined),
    ...group("removed", (c) => c.after === undefined),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function movement({ before, after }: LockChange, sayUnchanged = false): string {
  if (before && after) {
    if (before.sha256 === after.sha256)
      return `${after.version}${sayUnchanged ? ", unchanged" : ""}`;
    if (before.version === after.version)
      return `${after.version}, rebuilt: same version, other bytes`;
    return `${before.version} → ${after.version}`;
  }
  return after ? after.version : (before?.version ?? "");
}
