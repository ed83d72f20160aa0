import { once } from "node:events";
import t from "tap";
import { reduce } from "../../../harness/events/reduce.ts";
import { PASSING } from "../../events/fixtures/streams.ts";
import { openReporters, report } from "../fixtures/run.ts";
import { Screen } from "../fixtures/terminal.ts";

t.test("a sign of life says what is going on, and stops with the run", async (t) => {
  const { reporters, screen, play } = await openReporters("line", { heartbeatMs: 5 });
  play(PASSING.slice(0, 6));
  // The heart does not hold the process; this test has to.
  const hold = setInterval(() => {}, 1000);
  while (!screen.text.includes("… ")) await once(screen, "written");
  clearInterval(hold);
  t.match(screen.text, "… 5.0s: pv-boot[debian-12] boot 0.0s  1.0s; 1 waiting\n");
  await reporters.finish(reduce(PASSING));
  const after = screen.text;
  // Four times as long as a heart that goes on would be silent.
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.equal(screen.text, after);
});

for (const [env, terminal, coloured] of [
  [{}, false, false],
  [{}, true, true],
  [{ NO_COLOR: "1" }, true, false],
  [{ NO_COLOR: "" }, true, true],
  [{ TERM: "dumb" }, true, false],
  [{ FORCE_COLOR: "1" }, false, true],
  [{ FORCE_COLOR: "0" }, true, false],
  [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
] as const) {
  t.test(`${JSON.stringify(env)} ${terminal ? "on" : "off"} a terminal`, async (t) => {
    const stdout = new Screen(terminal ? { columns: 80, rows: 24 } : undefined);
    await report("line", PASSING, { stdout, env });
    t.equal(stdout.text.includes("\x1b[32m✔"), coloured);
  });
}
