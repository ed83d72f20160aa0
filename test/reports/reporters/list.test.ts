import { once } from "node:events";
import t from "tap";
import { reduce } from "../../../harness/events/reduce.ts";
import { planned, RUN_STARTED, MIXED, PASSING, stream } from "../../events/fixtures/streams.ts";
import { matchGolden } from "../fixtures/golden.ts";
import { openReporters, report } from "../fixtures/run.ts";
import { Screen } from "../fixtures/terminal.ts";

const SIZE = { columns: 100, rows: 30 };

for (const [name, events] of [
  ["passing", PASSING],
  ["mixed", MIXED],
] as const) {
  t.test(`off a terminal, ${name}: plain lines as in the golden file`, async (t) => {
    const { screen } = await report("list,junit=/dev/null", events);
    matchGolden(t, `list-${name}.txt`, screen.text);
  });

  t.test(`on a terminal, ${name}: what is left to see is as in the golden file`, async (t) => {
    const screen = new Screen(SIZE);
    await report("list", events, { stdout: screen, env: { NO_COLOR: "1" } });
    matchGolden(t, `live-${name}.txt`, screen.visible);
  });
}

t.test("list off a terminal and line are the same", async (t) => {
  const [list, line] = [await report("list", MIXED), await report("line", MIXED)];
  t.equal(list.screen.text, line.screen.text);
});

t.test("while it runs, a terminal shows what is prepared, runs and waits", async (t) => {
  const screen = new Screen(SIZE);
  const { reporters, play } = await openReporters("list", {
    stdout: screen,
    env: { NO_COLOR: "1" },
  });
  const frames: string[] = [];
  for (const event of PASSING) {
    play([event]);
    frames.push(screen.visible.trim().split("\n").slice(2).join("\n"));
  }
  await reporters.finish(reduce(PASSING));
  t.equal(frames[2], "▸ image:debian-12 verify  0.0s\n· pv-boot[debian-12]\n· hvm-boot[debian-12]");
  t.equal(
    frames[3],
    "✔ image:debian-12 verify  0.9s  in the store\n· pv-boot[debian-12]\n· hvm-boot[debian-12]",
  );
  t.match(frames[5], "▸ pv-boot[debian-12] boot 0.0s  1.0s\n· hvm-boot[debian-12]");
  t.match(
    frames.at(-1),
    /✔ hvm-boot\[debian-12\] {2}8\.0s {2}HVM · Xen 4\.17\.3 · libvirt 9\.0\.0$/,
  );
});

t.test("more cells than the terminal has rows: the rest is a number", async (t) => {
  const screen = new Screen({ columns: 80, rows: 8 });
  const { reporters, play } = await openReporters("list", { stdout: screen });
  const cells = Array.from({ length: 40 }, (_, index) => planned(`s${index}`, "h"));
  const events = stream(
    RUN_STARTED,
    ["planned", { cells }],
    ["cell-started", { cell: "s0[h]", attempt: 1 }],
  );
  play(events);
  const rows = screen.visible.trim().split("\n").slice(2);
  t.equal(rows.length, 6);
  t.match(rows[0], "▸ s0[h]");
  t.match(rows.at(-1), "and 35 more");
  await reporters.finish(reduce(events));
});

t.test("a failure block longer than the terminal is shown whole", async (t) => {
  const screen = new Screen({ columns: 80, rows: 8 });
  const cell = "a[h]";
  const excerpt = Array.from({ length: 20 }, (_, index) => `console line ${index}`);
  const ended = { cell, attempt: 1, status: "failed" as const, reason: "r", ms: 1, excerpt };
  const events = stream(
    RUN_STARTED,
    ["planned", { cells: [planned("a", "h")] }],
    ["cell-ended", ended],
  );
  await report("list", events, { stdout: screen });
  for (const line of excerpt) t.match(screen.visible, `│ ${line}\n`);
});

t.test("it repaints while nothing happens, so that times go on", async (t) => {
  const screen = new Screen(SIZE);
  let now = 0;
  const { reporters, play } = await openReporters("list", { stdout: screen, now: () => now });
  now = Date.parse(PASSING[4]!.time);
  play(PASSING.slice(0, 5));
  const before = screen.text.length;
  now += 7_000;
  // The timer of the list does not hold the process; this test has to.
  const hold = setInterval(() => {}, 1000);
  while (!screen.text.slice(before).includes("7.0s")) await once(screen, "written");
  clearInterval(hold);
  await reporters.finish(reduce(PASSING));
  t.match(screen.text.slice(before), "7.0s");
});

t.test("a terminal in CI, or one that is dumb, gets plain lines", async (t) => {
  for (const env of [{ CI: "1" }, { CI: "true" }, { TERM: "dumb" }]) {
    const screen = new Screen(SIZE);
    await report("list", PASSING, { stdout: screen, env: { ...env, NO_COLOR: "1" } });
    t.notMatch(screen.text, /\x1b/, JSON.stringify(env));
  }
  const screen = new Screen(SIZE);
  await report("list", PASSING, { stdout: screen, env: { CI: "false" } });
  t.match(screen.text, /\x1b\[/);
});
