import fc from "fast-check";
import t from "tap";
import { summarize } from "../../harness/bench/statistics.ts";

t.test("median, range and spread of a few values", async (t) => {
  t.match(summarize([3, 1, 2]), { n: 3, median: 2, min: 1, max: 3, values: [3, 1, 2] });
  t.equal(summarize([1, 2, 3, 10]).median, 2.5, "between the two in the middle");
  t.equal(summarize([10, 10, 10]).spread, 0);
  t.equal(summarize([8, 9, 10, 11, 12]).spread, 0.1, "quartiles 9 and 11 around 10");
  t.equal(summarize([0, 0]).spread, 0, "no division by zero");
  t.throws(() => summarize([]), RangeError);
});

t.test("one wild value moves neither median nor spread much", async (t) => {
  const { median, spread } = summarize([10, 10, 10, 10, 1000]);
  t.equal(median, 10);
  t.equal(spread, 0);
});

t.test("order does not matter, and the median is inside the range", async () => {
  const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, (list) => {
      const { median, min, max, spread } = summarize(list);
      const again = summarize([...list].reverse());
      return min <= median && median <= max && spread >= 0 && again.median === median;
    }),
  );
});
