import t from "tap";
import { parseRollup, processMemory } from "../../harness/base/process-memory.ts";

const ROLLUP = `55d0-7ffd ---p 00000000 00:00 0    [rollup]
Rss:              316416 kB
Pss:              204800 kB
Shared_Clean:     131072 kB
Private_Clean:      4096 kB
Private_Dirty:    181248 kB
`;

t.test("written pages are private, all other resident ones shared", async (t) => {
  t.same(parseRollup(ROLLUP), { private: 177, shared: 132, pss: 200 });
  t.throws(() => parseRollup("Rss: 1 kB\n"), /Private_Dirty/);
});

t.test("the kernel's own report is understood: memory that is written shows", async (t) => {
  const before = await processMemory(process.pid);
  const written = Buffer.alloc(64 * 2 ** 20, 1);
  const after = await processMemory(process.pid);
  t.ok(after.private - before.private > 48, `${before.private} → ${after.private}`);
  t.ok(after.pss >= after.private);
  t.equal(written[1], 1);
});
