import t from "tap";
import { tellingLine } from "../../harness/base/telling-line.ts";

const told = (lines: string[]) => {
  const at = tellingLine(lines);
  return at === undefined ? undefined : lines[at];
};

t.test("the surest sign wins, wherever it stands", async (t) => {
  const lines = [
    "error: Failed to start domain",
    "(XEN) Panic on CPU 0:",
    "[    1.2] Kernel panic - not syncing: no init",
  ];
  t.equal(told(lines), "(XEN) Panic on CPU 0:");
  t.equal(told(lines.slice(0, 1)), lines[0]);
});

t.test("of equal signs the first: the others follow from it", async (t) => {
  t.equal(told(["cannot open a", "cannot open b"]), "cannot open a");
});

t.test("a console that only goes on says nothing", async (t) => {
  t.equal(told([]), undefined);
  t.equal(told(["[  0.000000] Linux version 6.1.0", "login:"]), undefined);
});

t.test("one endless line costs nothing", async (t) => {
  const started = performance.now();
  t.equal(told(["x".repeat(5_000_000), "kernel BUG at mm/slub.c"]), "kernel BUG at mm/slub.c");
  t.ok(performance.now() - started < 1000);
});
