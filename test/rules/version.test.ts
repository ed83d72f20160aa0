import fc from "fast-check";
import t from "tap";
import { RangeUnreadableError, VersionUnreadableError } from "../../harness/rules/errors.ts";
import { comparableVersion, compareVersions, inRange } from "../../harness/rules/version.ts";

t.test("releases, prereleases and packages in order", async (t) => {
  const ordered = [
    "1.2.2-0ubuntu13.1.7",
    "1.2.9.3",
    "4.4.1-0ubuntu0.14.04.4",
    "4.4.3-rc1",
    "4.4.3",
    "4.17.5",
    "4.17.5+72-g01140da4e8-1",
    "4.20-rc2",
    "4.20-rc3",
    "4.20.0",
    "4.20.3+127-ga-1",
    "4.20.4-pre",
    "4.20.4",
    "4.21-unstable",
    "4.21.0",
  ];
  for (const [i, a] of ordered.entries()) {
    for (const [j, b] of ordered.entries()) {
      t.equal(compareVersions(a, b), Math.sign(i - j), `${a} and ${b}`);
    }
  }
  t.equal(compareVersions("1.2.2-precise1", "1.2.2"), 1, "a packager's word is no prerelease");
  t.equal(compareVersions("4.6", "4.6.0"), 0, "a missing patch level is 0");
  t.equal(compareVersions("2:4.6.0", "4.6.0"), 0, "the packager's epoch does not count");
});

t.test("ranges", async (t) => {
  const cases: [version: string, range: string, inside: boolean][] = [
    ["4.17.5", ">=4.17", true],
    ["4.17", ">=4.17.0", true],
    ["4.17.0-rc1", ">=4.17", true],
    ["4.5-rc1", "<4.5", false],
    ["4.4.4", ">=4.4.3 <4.5 || >=4.5.1", true],
    ["4.5.0", ">=4.4.3 <4.5 || >=4.5.1", false],
    ["4.20.4-pre", "<4.20.4", true],
    ["4.20.4-pre", ">4.20.3", true],
    ["4.20.4-pre", ">=4.20.4-pre <4.20.4", true],
    ["4.20.4-rc1", "<4.20.4-rc2", true],
    ["1.3.4", "=1.3.4", true],
    ["1.3.4", "1.3.4", true],
    ["1.3.4", "<=1.3.3", false],
  ];
  for (const [version, range, inside] of cases) {
    t.equal(inRange(version, range), inside, `${version} in ${range}`);
  }
});

t.test("what is no version is refused with an example", async (t) => {
  for (const text of ["", "5", "four", "4.x", "4.17.5;rm", "v4.17", "4.17.5 extra", ">=4.17"]) {
    t.throws(() => comparableVersion(text), VersionUnreadableError, `"${text}"`);
  }
  t.throws(() => inRange("4.17.5", "4.17 to 4.18"), RangeUnreadableError);
  t.throws(() => inRange("4.17.5", ""), RangeUnreadableError);
  t.throws(() => inRange("4.17.5", "^4.17"), {
    code: "VERSION_RANGE_UNREADABLE",
    kind: "usage",
    message: '"^4.17" in the version range "^4.17" is no comparison',
  });
});

t.test("a prerelease lies between its release and the one before", async (t) => {
  const number = fc.nat(30);
  const suffix = fc.constantFrom("-rc1", "-rc12", "-pre", "-unstable", "~rc1");
  fc.assert(
    fc.property(
      number,
      number,
      fc.integer({ min: 1, max: 30 }),
      suffix,
      (major, minor, patch, end) => {
        const release = `${major}.${minor}.${patch}`;
        const before = `${major}.${minor}.${patch - 1}`;
        return (
          compareVersions(release + end, release) === -1 &&
          compareVersions(release + end, before) === 1 &&
          compareVersions(`${release}-1ubuntu2`, release) === 1
        );
      },
    ),
  );
  t.pass();
});
