/** Epoch, upstream version and Debian revision of `[epoch:]upstream[-revision]`. */
interface DebianVersion {
  epoch: number;
  upstream: string;
  revision: string;
}

function split(version: string): DebianVersion {
  const colon = version.indexOf(":");
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf("-");
  return {
    epoch: colon === -1 ? 0 : Number.parseInt(version.slice(0, colon), 10),
    upstream: dash === -1 ? rest : rest.slice(0, dash),
    revision: dash === -1 ? "" : rest.slice(dash + 1),
  };
}

const isDigit = (char: string | undefined) => char !== undefined && char >= "0" && char <= "9";

/** Weight of a character outside numbers: `~` before the end, the end before letters, those before the rest. */
function weight(char: string | undefined): number {
  if (char === undefined || isDigit(char)) return 0;
  if (char === "~") return -1;
  return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
}

/** Compares texts and numbers by turns; numbers as long as one likes, leading zeros ignored. */
function compareParts(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a[i])) || (j < b.length && !isDigit(b[j]))) {
      const difference = weight(a[i]) - weight(b[j]);
      if (difference !== 0) return Math.sign(difference);
      i++;
      j++;
    }
    const left = /^\d*/.exec(a.slice(i))?.[0] ?? "";
    const right = /^\d*/.exec(b.slice(j))?.[0] ?? "";
    const difference = compareNumbers(left, right);
    if (difference !== 0) return difference;
    i += left.length;
    j += right.length;
  }
  return 0;
}

function compareNumbers(left: string, right: string): number {
  const a = left.replace(/^0+/, "");
  const b = right.replace(/^0+/, "");
  if (a.length !== b.length) return Math.sign(a.length - b.length);
  return a === b ? 0 : a < b ? -1 : 1;
}

/**
 * Orders two versions as `dpkg --compare-versions` does: -1, 0 or 1.
 * Source: deb-version(7) and dpkg's lib/dpkg/version.c.
 */
export function compareDebianVersions(a: string, b: string): -1 | 0 | 1 {
  const left = split(a);
  const right = split(b);
  const difference =
    left.epoch - right.epoch ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision);
  return difference === 0 ? 0 : difference < 0 ? -1 : 1;
}
