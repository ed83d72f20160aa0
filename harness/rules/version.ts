import { compareDebianVersions } from "../base/debian-version.ts";
import { RangeUnreadableError, VersionUnreadableError } from "./errors.ts";

const VERSION = /^(?:\d+:)?(\d+)\.(\d+)(?:\.(\d+))?([-.+~][\w.+~:-]*)?$/;
const COMPARISON = /^(>=|<=|>|<|=)?(\d[\w.+~:-]*)$/;
const PRERELEASE = /[-.](?=(?:rc|pre|unstable)(?![a-z]))/;

const HOLDS: Record<string, (order: number) => boolean> = {
  ">=": (order) => order >= 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  "<": (order) => order < 0,
  "=": (order) => order === 0,
};

/**
 * A version in the form that Debian's rules order rightly: three numbers at
 * least, no epoch (it is the packager's, and Xen's own versions have none), and
 * `-rc3`, `-pre` and `-unstable` before their release.
 */
export function comparableVersion(text: string): string {
  const match = VERSION.exec(text.trim());
  if (!match) throw new VersionUnreadableError(text);
  const [, major, minor, patch = "0", rest = ""] = match;
  return `${major}.${minor}.${patch}${rest.replace(PRERELEASE, "~")}`;
}

/** Orders versions of Xen or of libvirt, releases, prereleases and packages alike. */
export function compareVersions(a: string, b: string): -1 | 0 | 1 {
  return compareDebianVersions(comparableVersion(a), comparableVersion(b));
}

/**
 * Whether a version lies in a range: comparisons that all hold, `>=4.4.3 <4.5`,
 * alternatives joined by `||`. A bound is not padded: `<4.5` excludes every 4.5,
 * its release candidates included, and `>=4.17` includes them.
 */
export function inRange(version: string, range: string): boolean {
  const comparable = comparableVersion(version);
  return alternatives(range).some((terms) =>
    terms.every(({ operator, bound }) =>
      HOLDS[operator]?.(compareDebianVersions(comparable, bound)),
    ),
  );
}

/** Reads the whole range before any of it is used, so that no mistake in it stays hidden. */
function alternatives(range: string): { operator: string; bound: string }[][] {
  return range.split("||").map((part) =>
    part
      .trim()
      .split(/\s+/)
      .map((term) => {
        const [, operator = "=", bound] = COMPARISON.exec(term) ?? [];
        if (bound === undefined) throw new RangeUnreadableError(range, term);
        return { operator, bound: bound.replace(PRERELEASE, "~") };
      }),
  );
}
