import t from "tap";
import fc from "fast-check";
import { continuity } from "../../harness/scenario/continuity.ts";

/** A guest's console with a pause of 2.5 s after tick 3. */
function console(from: number, to: number): string {
  const lines: string[] = [];
  for (let tick = from; tick <= to; tick += 1) {
    const uptime = 5 + tick * 1.02 + (tick > 3 ? 2.5 : 0);
    lines.push(`XENLOOP tick ${tick} ${uptime.toFixed(2)}`, `XENLOOP memory ${tick} ok`);
  }
  return lines.join("\n") + "\n";
}

t.test("wherever the console is cut, nothing is lost and the pause is found", (t) => {
  const whole = console(0, 8);
  const first = whole.indexOf("XENLOOP tick 3");
  const last = whole.indexOf("XENLOOP tick 5");
  const property = fc.property(fc.integer({ min: first, max: last }), (cut) => {
    const seen = continuity(whole.slice(0, cut), whole.slice(cut));
    t.same([seen.lost, seen.repeated, seen.damaged], [[], [], []]);
    t.equal(seen.downtimeMs, 2500);
    t.ok([3, 4, 5].includes(seen.first ?? -1));
  });
  fc.assert(property, { numRuns: 50 });
  t.end();
});

t.test("lost, repeated and damaged ticks are told", (t) => {
  const gap = continuity(console(0, 3), console(6, 7));
  t.same([gap.lost, gap.first, gap.verified], [[4, 5], 6, 2]);
  t.same(continuity(console(0, 3), console(3, 4)).repeated, [3]);
  t.same(continuity(console(0, 3), console(0, 1)).repeated, [0, 1], "it booted again");
  t.same(continuity(console(0, 3), "XENLOOP memory 4 damaged\n").damaged, [4]);
  t.end();
});

t.test("a guest that shows nothing on its new host has no first tick and no downtime", (t) => {
  const silent = continuity(console(0, 3), "");
  t.equal(silent.first, undefined);
  t.equal(silent.downtimeMs, undefined);
  t.end();
});
