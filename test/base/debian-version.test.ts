import { execa } from "execa";
import fc from "fast-check";
import t from "tap";
import { compareDebianVersions } from "../../harness/base/debian-version.ts";

const ordered = [
  "0.10.2",
  "1.2.2-0ubuntu13.1.7",
  "1.2.15~rc1-1",
  "1.2.15",
  "4.4.1-0ubuntu0.14.04.4",
  "4.4.1-0ubuntu0.14.04.10",
  "4.4.3",
  "4.17.5",
  "4.17.5-1",
  "4.17.5+72-g01140da4e8-1",
  "4.20.0~rc3",
  "4.20.0",
  "4.20.3+127-g1",
  "4.20.4~pre",
  "4.20.4",
  "1:0.1",
];

t.test("a known order holds for every pair", async (t) => {
  for (const [i, a] of ordered.entries()) {
    for (const [j, b] of ordered.entries()) {
      const expected = Math.sign(i - j);
      t.equal(compareDebianVersions(a, b), expected, `${a} and ${b}`);
    }
  }
});

t.test("leading zeros and an absent revision do not count", async (t) => {
  t.equal(compareDebianVersions("1.02", "1.2"), 0);
  t.equal(compareDebianVersions("1.2-0", "1.2"), 0);
  t.equal(compareDebianVersions("0:1.2", "1.2"), 0);
});

async function isDpkgHere(): Promise<boolean> {
  const { failed } = await execa("dpkg", ["--version"], { reject: false });
  return !failed;
}

const chars = (text: string, options: { minLength?: number; maxLength: number }) =>
  fc.string({ unit: fc.constantFrom(...text), ...options });
const word = fc.oneof(
  chars("0123456789", { minLength: 1, maxLength: 4 }),
  fc.constantFrom("0", "00", "1", "4", "rc", "pre", "deb", "ubuntu", "a", "Z", "~", "~~", "+", "."),
);
const words = fc.array(word, { maxLength: 5 }).map((parts) => parts.join(""));
const debianVersion = fc
  .record({
    epoch: fc.constantFrom("", "0:", "1:", "01:", "12:"),
    first: fc.constantFrom("0", "1", "4", "04", "10"),
    upstream: fc.oneof(
      words,
      fc.tuple(words, words).map((pair) => pair.join("-")),
    ),
    revision: fc.oneof(
      fc.constant(""),
      words.map((text) => `-0${text}`),
    ),
  })
  .map(({ epoch, first, upstream, revision }) => `${epoch}${first}${upstream}${revision}`)
  // An empty revision after a dash is an error for dpkg.
  .filter((version) => !version.endsWith("-"));
/** Two versions that differ little, which is where the rules matter. */
const near = fc
  .tuple(debianVersion, word, fc.nat(12))
  .map(([version, insert, at]): [string, string] => {
    const place = Math.min(version.indexOf(":") + 2 + at, version.length);
    return [version, version.slice(0, place) + insert + version.slice(place)];
  });

/** What dpkg says: -1, 0 or 1; one process answers, a second settles equality. */
async function askDpkg(a: string, b: string): Promise<number> {
  const holds = async (relation: string) => {
    const { exitCode, stderr } = await execa("dpkg", ["--compare-versions", a, relation, b], {
      reject: false,
    });
    if (exitCode === undefined || exitCode > 1 || stderr)
      throw new Error(`dpkg refuses: ${stderr}`);
    return exitCode === 0;
  };
  if (await holds("lt")) return -1;
  return (await holds("eq")) ? 0 : 1;
}

t.test("dpkg agrees", { skip: !(await isDpkgHere()) && "no dpkg here" }, async (t) => {
  const pair = fc.oneof(near, fc.tuple(debianVersion, debianVersion));
  await fc.assert(
    fc.asyncProperty(pair, async ([a, b]) => compareDebianVersions(a, b) === (await askDpkg(a, b))),
    { numRuns: 250 },
  );
  t.pass("250 pairs");
});

t.test("the order is one of a set: antisymmetric and transitive", async (t) => {
  fc.assert(
    fc.property(debianVersion, debianVersion, debianVersion, (a, b, c) => {
      const [low, middle, high] = [a, b, c].sort(compareDebianVersions) as [string, string, string];
      return (
        compareDebianVersions(a, b) + compareDebianVersions(b, a) === 0 &&
        compareDebianVersions(low, middle) <= 0 &&
        compareDebianVersions(low, high) <= 0
      );
    }),
  );
  t.pass();
});
