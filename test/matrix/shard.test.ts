import fc from "fast-check";
import t from "tap";
import { balance, parseShard, type Load } from "../../harness/matrix/shard.ts";

function cells(host: string, ...seconds: number[]): Load[] {
  return seconds.map((each, i) => ({ id: `${i}[${host}]`, host, seconds: each }));
}

const ids = (shards: Load[][]) => shards.map((shard) => shard.map(({ id }) => id));

t.test("i/n", async (t) => {
  t.strictSame(parseShard("2/4"), { index: 2, count: 4 });
  for (const wrong of ["", "0/4", "5/4", "1", "1/0", "a/b", "1/4/4", "-1/4"]) {
    t.throws(() => parseShard(wrong), { code: "SHARD_INVALID", kind: "usage" }, wrong);
  }
});

t.test("hosts stay whole while that costs nothing", async (t) => {
  const plan = [...cells("a", 10, 10), ...cells("b", 10, 10), ...cells("c", 10, 10)];
  t.strictSame(ids(balance(plan, 3, () => 100)), [
    ["0[a]", "1[a]"],
    ["0[b]", "1[b]"],
    ["0[c]", "1[c]"],
  ]);
});

t.test("a host is split where the longest shard gets shorter by it", async (t) => {
  const plan = [...cells("a", 100, 100, 100, 100), ...cells("b", 10)];
  t.strictSame(ids(balance(plan, 2, () => 5)), [
    ["0[a]", "2[a]", "0[b]"],
    ["1[a]", "3[a]"],
  ]);
  const whole = balance(plan, 2, () => 1000);
  t.strictSame(ids(whole), [["0[a]", "1[a]", "2[a]", "3[a]"], ["0[b]"]], "not for any price");
});

t.test("excluded cells go where their host is, and are never a shard of their own", async (t) => {
  const skipped = (host: string): Load => ({
    id: `skipped[${host}]`,
    host,
    seconds: 0,
    excluded: "needs Xen",
  });
  const plan = [skipped("b"), ...cells("a", 10), ...cells("b", 10), skipped("z")];
  t.strictSame(ids(balance(plan, 5, () => 1)), [
    ["0[a]", "skipped[z]"],
    ["skipped[b]", "0[b]"],
  ]);
  t.strictSame(ids(balance([skipped("a"), skipped("b")], 3, () => 1)), [
    ["skipped[a]", "skipped[b]"],
  ]);
  t.strictSame(
    balance([], 3, () => 1),
    [],
  );
});

t.test("any plan is divided wholly, the same way each time", async (t) => {
  const load = fc.record({
    host: fc.constantFrom("a", "b", "c", "d"),
    seconds: fc.integer({ min: 0, max: 500 }),
    excluded: fc.boolean(),
  });
  const anyPlan = fc
    .array(load, { maxLength: 24 })
    .map((loads) =>
      loads.map(({ host, seconds, excluded }, i) =>
        excluded ? { id: `${i}`, host, seconds: 0, excluded: "so" } : { id: `${i}`, host, seconds },
      ),
    );
  const preparation = fc.integer({ min: 0, max: 300 });
  fc.assert(
    fc.property(anyPlan, fc.integer({ min: 1, max: 8 }), preparation, (plan, count, once) => {
      const shards = balance(plan, count, () => once);
      const running = plan.filter((each) => !("excluded" in each));
      t.strictSame(
        shards
          .flat()
          .map(({ id }) => id)
          .sort(),
        plan.map(({ id }) => id).sort(),
      );
      t.strictSame(
        balance(structuredClone(plan), count, () => once),
        shards,
      );
      const wanted = Math.min(count, Math.max(1, running.length), plan.length);
      t.equal(shards.length, wanted, "as many shards as asked for and as there are cells");
      const timeOf = (part: readonly Load[]) => {
        const own = part.filter(({ excluded }) => excluded === undefined);
        return (
          own.reduce((sum, each) => sum + each.seconds, 0) +
          once * new Set(own.map(({ host }) => host)).size
        );
      };
      const longest = Math.max(0, ...shards.map(timeOf));
      t.ok(longest <= timeOf(plan));
      if (count === 1) t.equal(longest, timeOf(plan));
    }),
    { numRuns: 60 },
  );
});
