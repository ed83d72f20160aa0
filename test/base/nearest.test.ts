import fc from "fast-check";
import t from "tap";
import { editDistance, nearest } from "../../harness/base/nearest.ts";

const NAMES = ["list", "line", "junit", "json", "tap", "pv-boot", "hvm-boot"];

for (const [word, expected] of [
  ["junt", "junit"],
  ["jnuit", "junit"],
  ["JSON", "json"],
  ["hvm-bot", "hvm-boot"],
  ["pvboot", "pv-boot"],
  ["tpa", "tap"],
  ["html", undefined],
  ["", undefined],
  ["migration", undefined],
] as const) {
  t.test(`nearest to ${JSON.stringify(word)}`, async (t) => {
    t.equal(nearest(word, NAMES), expected);
  });
}

t.test("the nearer of two wins, the first among equals", async (t) => {
  t.equal(nearest("debian-13", ["debian-12", "debian-13"]), "debian-13");
  t.equal(nearest("debian-14", ["debian-12", "debian-13"]), "debian-12");
});

t.test("a swap of neighbours is one edit", async (t) => {
  t.equal(editDistance("ab", "ba"), 1);
  t.equal(editDistance("abcd", "acbd"), 1);
  t.equal(editDistance("kitten", "sitting"), 3);
});

t.test("distance is symmetric, bounded, and zero only for equal words", async () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (left, right) => {
      const distance = editDistance(left, right);
      return (
        distance === editDistance(right, left) &&
        distance <= Math.max(left.length, right.length) &&
        distance >= Math.abs(left.length - right.length) &&
        (distance === 0) === (left === right)
      );
    }),
  );
});
