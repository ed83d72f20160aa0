import t from "tap";
import { EventBus } from "../../harness/events/bus.ts";
import type { RunEvent } from "../../harness/events/schema.ts";
import { Workspace } from "../../harness/host/workspace.ts";
import { runCell } from "../../harness/run/cell-runner.ts";
import { KnownIssues } from "../../harness/run/known-issues.ts";
import { planned } from "../events/fixtures/streams.ts";

t.test("a mistake of the harness ends the cell with a sentence that says so", async (t) => {
  const directory = t.testdir({ run: {} });
  const bus = new EventBus();
  const seen: RunEvent[] = [];
  bus.subscribe((event) => seen.push(event));
  await using workspace = await Workspace.create(directory);
  const { status } = await runCell({
    cell: planned("pv-boot", "debian-12"),
    attempt: 1,
    scenarioFile: "/nowhere.ts",
    // A cell without a host that was prepared for it: nothing is started.
    prepared: [],
    bus,
    runPath: `${directory}/run`,
    workspace,
    known: new KnownIssues(bus),
    signal: new AbortController().signal,
    keepsGuests: false,
    keep: async () => false,
  });
  t.equal(status, "error");
  const reason = "harness: each host of a cell is prepared";
  t.match(seen.at(-1), { type: "cell-ended", reason, diagnosis: reason, code: "HARNESS" });
});
