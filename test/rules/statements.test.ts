import t from "tap";
import { compareVersions, inRange } from "../../harness/rules/version.ts";
import { LIBVIRT_RELEASES } from "../../harness/rules/releases.ts";
import type { PairRange } from "../../harness/rules/statement.ts";
import { STATEMENTS } from "../../harness/rules/statements/index.ts";
import { answer } from "../../harness/rules/index.ts";

const XEN_MINORS = Array.from({ length: 20 }, (_, i) => i + 3);
const xens = [
  ...XEN_MINORS.flatMap((minor) => [0, 2, 5].map((patch) => `4.${minor}.${patch}`)),
  ..."4.1.0 4.4.1-0ubuntu0.14.04.4 4.4.3 4.5.1".split(" "),
];
const libvirts = [
  ...LIBVIRT_RELEASES.map(({ version }) => version),
  ..."0.10.2 1.2.2-0ubuntu13.1.7 1.2.20 1.3.3 4.4.0 4.11.0 5.0.0 6.9.0 7.0.0-3+deb11u3 7.0.0 9.10.0 12.8.0".split(
    " ",
  ),
];
const pairs = xens.flatMap((xen) => libvirts.map((libvirt) => ({ xen, libvirt })));

const holds = (range: PairRange, pair: { xen: string; libvirt: string }) =>
  inRange(pair.xen, range.xen ?? ">=0") && inRange(pair.libvirt, range.libvirt ?? ">=0");

t.test("ids are unique and every statement has a source", async (t) => {
  const ids = STATEMENTS.map(({ id }) => id);
  t.same([...new Set(ids)], ids);
  const unsourced = STATEMENTS.filter(({ commits, links }) => commits.length + links.length === 0);
  t.same(
    unsourced.map(({ id }) => id),
    [],
  );
  t.same(
    STATEMENTS.filter(({ page, correction }) => correction && !page).map(({ id }) => id),
    ["min-xen"],
    "a correction corrects a claim; that of min-xen is libvirt's own",
  );
});

t.test("hashes are hexadecimal and links are https", async (t) => {
  for (const { id, commits, links, cases } of STATEMENTS) {
    for (const { hash, firstIn } of [...commits, ...cases.flatMap((one) => one.backports ?? [])]) {
      t.match(hash, /^[0-9a-f]{9,40}$/, id);
      t.doesNotThrow(() => compareVersions(firstIn, "1.0"), id);
    }
    for (const link of links) t.equal(new URL(link).protocol, "https:", id);
  }
});

t.test("every case can be met, and no earlier one hides it", async (t) => {
  for (const { id, cases } of STATEMENTS) {
    const met = new Set(pairs.map((pair) => cases.findIndex((one) => holds(one, pair))));
    t.same(
      cases.map((_, i) => i).filter((i) => !met.has(i)),
      [],
      id,
    );
  }
});

t.test("a bad case never reaches into the range where all is well", async (t) => {
  const conditional = STATEMENTS.filter(({ range }) => range.xen ?? range.libvirt);
  // stream v2 and the file descriptors are limits inside their ranges.
  const expected = new Set(["R04", "R60"]);
  for (const { id, range, cases } of conditional.filter(({ id }) => !expected.has(id))) {
    const wrong = pairs.filter(
      (pair) =>
        holds(range, pair) &&
        !["ok", undefined].includes(cases.find((one) => holds(one, pair))?.status),
    );
    t.same(wrong.slice(0, 3), [], id);
  }
});

t.test("releases are in order, and so are their minimums", async (t) => {
  const sorted = (versions: string[]) => [...versions].sort(compareVersions);
  const versions = LIBVIRT_RELEASES.map(({ version }) => version);
  t.same(versions, sorted(versions));
  const minimums = LIBVIRT_RELEASES.map(({ minimumXen }) => minimumXen);
  t.same(minimums, sorted(minimums));
  const dates = LIBVIRT_RELEASES.map(({ date }) => date.slice(0, 4));
  t.same(dates, [...dates].sort());
});

t.test("pairs all over the grid have an answer that agrees with itself", async (t) => {
  const sample = pairs.filter((_, i) => i % 7 === 0);
  for (const pair of sample) {
    const answered = answer(pair);
    const failed = answered.statements
      .filter(({ status }) => status === "fail")
      .map(({ id }) => id);
    const isRight =
      answered.minimumMet === !(failed.includes("R01") || failed.includes("R03")) &&
      answered.supported === (answered.notMet.length === 0) &&
      (answered.supported ? answered.minimumMet : true);
    if (!isRight) t.fail(`${pair.xen} with ${pair.libvirt}`);
  }
  t.pass(`${sample.length} pairs`);
});
