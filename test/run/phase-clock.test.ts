import t from "tap";
import { EventBus } from "../../harness/events/bus.ts";
import type { RunEvent } from "../../harness/events/schema.ts";
import { phaseClock } from "../../harness/run/phase-clock.ts";

t.test("phases that an error cuts off end, the innermost first, and say so", async (t) => {
  const bus = new EventBus();
  const seen: RunEvent[] = [];
  bus.subscribe((event) => seen.push(event));
  const clock = phaseClock(bus, "template:h");
  clock("ready");
  const booted = clock("boot");
  booted("slowly");
  clock("freeze");
  clock.abandon();
  t.match(seen, [
    { type: "phase-started", phase: "ready" },
    { type: "phase-started", phase: "boot" },
    { type: "phase-ended", scope: "template:h", phase: "boot", detail: "slowly" },
    { type: "phase-started", phase: "freeze" },
    { type: "phase-ended", scope: "template:h", phase: "freeze", failed: true },
    { type: "phase-ended", scope: "template:h", phase: "ready", failed: true },
  ]);
  t.notOk("failed" in seen[2]!, "one that ended by itself did not");
  clock.abandon();
  booted();
  t.equal(seen.length, 6, "each ends once");
});
