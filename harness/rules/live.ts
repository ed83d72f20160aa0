import { answer, type Answer, type VersionPair } from "./answer.ts";
import { HostVersionMissingError } from "./errors.ts";
import { comparableVersion, compareVersions } from "./version.ts";

/** What a booted host says about itself, as text. */
export interface HostTexts {
  /** Output of `xl info`. */
  xenInfo: string;
  /** Output of `virsh version --daemon`. */
  virshVersion: string;
  /** Package versions of the host's lock, e.g. `4.17.5+72-g01140da4e8-1`. */
  lock?: VersionPair;
}

export interface LiveVersions extends VersionPair {
  /** What libvirt says of the hypervisor, e.g. `4.17.0`; the last number is always 0. */
  hypervisor: string;
}

export interface LockCheck {
  subject: "xen" | "libvirt";
  live: string;
  locked: string;
  agrees: boolean;
}

export interface HostAnswer extends Answer {
  live: LiveVersions;
  /** Empty where no lock was given. */
  lock: LockCheck[];
  notes: string[];
}

/** The value of `xen_version` in `xl info`, e.g. `4.20.4-pre`. */
export function xenVersionOf(xenInfo: string): string {
  return valueOf(xenInfo, /^xen_version\s*:\s*(\S+)/m, "xen_version", "xl info");
}

/** The daemon's version in `virsh version --daemon`, e.g. `9.0.0`. */
export function daemonVersionOf(virshVersion: string): string {
  const pattern = /^Running against daemon:\s*(?:libvirt\s+)?(\S+)/m;
  return valueOf(virshVersion, pattern, "Running against daemon", "virsh version --daemon");
}

/** The hypervisor's version in `virsh version`, e.g. `4.17.0`. */
export function hypervisorVersionOf(virshVersion: string): string {
  const pattern = /^Running hypervisor:\s*Xen\s+(\S+)/m;
  return valueOf(virshVersion, pattern, "Running hypervisor: Xen", "virsh version --daemon");
}

function valueOf(text: string, pattern: RegExp, line: string, command: string): string {
  const value = pattern.exec(text)?.[1];
  if (value === undefined) throw new HostVersionMissingError(line, command);
  return value;
}

/** The answer for a live host, checked against its lock. Throws `HostVersionMissingError`. */
export function answerForHost({ xenInfo, virshVersion, lock }: HostTexts): HostAnswer {
  const live: LiveVersions = {
    xen: xenVersionOf(xenInfo),
    libvirt: daemonVersionOf(virshVersion),
    hypervisor: hypervisorVersionOf(virshVersion),
  };
  const checks = lock ? checkLock(live, lock) : [];
  // The daemon never tells the packager's revision, and some fixes came with one.
  const isLibvirtLocked = checks.some(({ subject, agrees }) => subject === "libvirt" && agrees);
  const libvirt = isLibvirtLocked && lock ? lock.libvirt : live.libvirt;
  return { ...answer({ xen: live.xen, libvirt }), live, lock: checks, notes: notesOn(live) };
}

/** Whether what runs can come from the packages that are locked. */
export function checkLock(live: VersionPair, lock: VersionPair): LockCheck[] {
  const isLibvirt = release(live.libvirt) === release(lock.libvirt);
  return [
    { subject: "xen", live: live.xen, locked: lock.xen, agrees: isXenOf(live.xen, lock.xen) },
    { subject: "libvirt", live: live.libvirt, locked: lock.libvirt, agrees: isLibvirt },
  ];
}

function release(version: string): string {
  return comparableVersion(version).split(/[-+~]/)[0] ?? version;
}

/**
 * Whether a running Xen can come from a package. A snapshot of a stable branch,
 * `4.20.3+127`, calls itself 4.20.3 or already `4.20.4-pre`.
 */
function isXenOf(live: string, locked: string): boolean {
  if (release(live) === release(locked)) return true;
  const [major, minor, patch] = release(locked).split(".").map(Number);
  const isSnapshot = locked.includes("+");
  const next = `${major}.${minor}.${(patch ?? 0) + 1}`;
  return isSnapshot && release(live) === next && compareVersions(live, next) < 0;
}

function notesOn({ xen, hypervisor }: LiveVersions): string[] {
  const notes = [
    `virsh version says Xen ${hypervisor} for ${xen}: it never shows the patch level, xl info does`,
  ];
  const [major, minor] = release(xen).split(".");
  if (!hypervisor.startsWith(`${major}.${minor}.`)) {
    notes.push(
      `libvirt says Xen ${hypervisor} and xl info says ${xen}: they are not of one version`,
    );
  }
  return notes;
}
