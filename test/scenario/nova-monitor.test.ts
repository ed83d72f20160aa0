import t from "tap";
import { novaDecides, type NovaView } from "../../harness/scenario/nova-monitor.ts";

const decide = (type: string, view: Partial<NovaView> = {}) =>
  novaDecides({ type, elapsedMs: 0 }, { over: false, active: true, ...view });

t.test("no job means nothing until the call is over", (t) => {
  t.equal(decide("None"), "not started");
  t.equal(decide("None", { over: true, active: true }), "failed");
  t.equal(decide("None", { over: true, active: false }), "completed");
  t.end();
});

t.test("other answers speak for themselves", (t) => {
  t.equal(decide("Unbounded"), "running");
  t.equal(decide("Bounded", { over: true }), "running");
  t.equal(decide("gone"), "completed");
  t.equal(decide("Completed", { over: true }), "completed");
  t.equal(decide("Failed"), "failed");
  t.equal(decide("Cancelled"), "failed");
  t.equal(decide("refused"), "crashed", "as with libvirt before 1.3.1");
  t.end();
});
