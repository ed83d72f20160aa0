import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import {
  costCells,
  historyOf,
  preparationSeconds,
  readHistory,
} from "../../harness/matrix/cost.ts";
import { recentResults } from "../../harness/matrix/run-results.ts";
import { cell, recordRun } from "./fixtures/record-run.ts";

const PV = cell("pv[debian-12]");
const HVM = cell("hvm[debian-12]");
const NEW = cell("new[debian-12]", { deadlineSeconds: 1000 });
const NEVER = cell("never[debian-12]", { excluded: "needs Xen >=9" });

t.test("medians of what ran to its end", async (t) => {
  const runs = t.testdir();
  recordRun(runs, [PV, HVM, NEVER]);
  recordRun(runs, [PV], { attempts: () => ["failed", "passed"] });
  recordRun(runs, [PV, HVM], { attempts: ({ id }) => [id === HVM.id ? "error" : "passed"] });
  recordRun(runs, [PV], { attempts: () => ["interrupted"] });
  mkdirSync(join(runs, "not-a-run"));
  mkdirSync(join(runs, "broken"));
  writeFileSync(join(runs, "broken/result.json"), "{");
  const { cells, preparations } = await readHistory(runs);
  // 13.001, 13.001 and 13.001 + 13.002 seconds.
  t.equal(cells.get(PV.id), 13.001);
  t.equal(cells.get(HVM.id), 14.001, "an error does not tell how long a cell takes");
  t.notOk(cells.has(NEVER.id));
  t.equal(preparations.get("debian-12"), 18, "image and template");
});

t.test("only runs of the newest one's accelerator", async (t) => {
  const [kvm, tcg] = [t.testdir({}), "tcg"];
  recordRun(kvm, [PV], { started: { accel: "kvm" } });
  const [fast] = await recentResults(kvm, 5);
  const slow = structuredClone(fast!);
  slow.run.accel = tcg;
  slow.cells[0]!.attempts[0]!.ms = 900_000;
  t.equal(historyOf([slow, fast!]).cells.get(PV.id), 900);
  t.equal(historyOf([fast!, slow]).cells.get(PV.id), 13.001);
});

t.test("the newest runs by name, and as many as are asked for", async (t) => {
  const runs = t.testdir();
  for (const name of ["9", "10", "11"]) {
    renameSync(recordRun(runs, [cell(`s${name}[debian-12]`)]), join(runs, name));
  }
  const results = await recentResults(runs, 2);
  t.strictSame(results.map(({ cells }) => cells[0]?.scenario).sort(), ["s10", "s11"]);
  t.strictSame(await recentResults(join(runs, "none"), 2), []);
});

t.test("a cell without history", async (t) => {
  const first = costCells([PV, NEW, NEVER], { cells: new Map() });
  t.match(first, [
    { seconds: 120, basis: "deadline" },
    { seconds: 1000, basis: "deadline" },
    { seconds: 0, excluded: "needs Xen >=9" },
  ]);
  const history = new Map([
    [PV.id, 30],
    [HVM.id, 90],
  ]);
  const [, , guessed] = costCells([PV, HVM, NEW], { cells: history });
  t.match(guessed, { seconds: 500, basis: "deadline" }, "half of it, as the others do");
  t.ok(preparationSeconds("debian-12", { cells: history, preparations: new Map() }) > 0);
});
