import { compareDebianVersions } from "../base/debian-version.ts";
import { VersionRangeInvalid } from "./errors.ts";

const OPERATORS: Record<string, (order: number) => boolean> = {
  ">=": (order) => order >= 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  "<": (order) => order < 0,
  "=": (order) => order === 0,
};

/** One comparison, `>=4.17`; every one of a range must hold. */
export interface VersionBound {
  operator: string;
  version: string;
}

/** @throws VersionRangeInvalid */
export function parseVersionRange(range: string): VersionBound[] {
  const words = range.trim().split(/\s+(?=[<>=])/);
  return words.map((word) => {
    const match = /^(>=|<=|>|<|=)\s*(\d[\w.+~:-]*)$/.exec(word);
    if (match === null) throw new VersionRangeInvalid(range);
    return { operator: match[1]!, version: match[2]! };
  });
}

/** Whether a full version, as a live host reports it, lies in the range; ordered as Debian does. */
export function inRange(version: string, range: string): boolean {
  return parseVersionRange(range).every((bound) =>
    OPERATORS[bound.operator]!(compareDebianVersions(version, bound.version)),
  );
}

/**
 * Whether some version that starts with `prefix` can lie in the range. A host promises only
 * `4.17`, so `>=4.17.3` stays open until the live host has told its version. Three numbers are
 * a whole version, as with libvirt's `9.0.0`.
 */
export function canBeInRange(prefix: string, range: string): boolean {
  if (prefix.split(".").length >= 3) return inRange(prefix, range);
  return parseVersionRange(range).every(({ operator, version }) => {
    if (version === prefix) return operator.includes("=") || operator === ">";
    if (version.startsWith(`${prefix}.`)) return true;
    return OPERATORS[operator]!(compareDebianVersions(prefix, version));
  });
}
