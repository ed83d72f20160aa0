import t from "tap";
import { reduce } from "../../harness/events/reduce.ts";
import { recordsOf } from "../../harness/history/record.ts";
import { runHistory } from "../../harness/history/run-history.ts";
import { MIXED, PASSING } from "../events/fixtures/streams.ts";
import { record } from "./fixtures/record.ts";

const PLACE = { runs: "/nowhere", root: "/nowhere", directory: "/nowhere" };
const PV = "pv-boot[debian-12]";
const past = (night: number, more = {}) =>
  record(night, { cell: PV, scenario: "pv-boot", ...more });

t.test("a run remembers what it learnt, and nothing of cells that did not run", async (t) => {
  const records = recordsOf(reduce(MIXED));
  t.strictSame(
    records.map(({ cell, status, attempts }) => [cell, status, attempts.length]),
    [
      [PV, "failed", 1],
      ["hvm-boot[debian-12]", "timedout", 1],
      ["disk[debian-12,format=raw]", "flaky", 2],
      ["pv-boot[debian-13]", "error", 1],
    ],
  );
  t.match(records[0], {
    title: "1 of 4 assertions fails: the guest has 2 vcpus",
    versions: { xen_version: "4.17.3", libvirt_version: "9.0.0" },
    figures: { boot: 31_250 },
  });
});

t.test("without a past there is nothing to add", async (t) => {
  const result = reduce(PASSING);
  t.equal(await runHistory(result, [], PLACE), undefined);
  t.equal(await runHistory(result, recordsOf(result), PLACE), undefined, "itself is no past");
  const kvm = [past(1, { accel: "kvm" })];
  t.equal(await runHistory(result, kvm, PLACE), undefined, "another accelerator is no past");
});

t.test("the past of its own cells, with this run as the newest", async (t) => {
  const earlier = [past(-3), past(-2), record(-2), past(-1, { status: "failed" })];
  const history = await runHistory(reduce(MIXED), earlier, PLACE);
  const own = history?.cells.find(({ cell }) => cell === PV);
  t.match(own, { runs: 4, firstBad: { run: "night--1" }, lastGood: { run: "night--2" } });
  t.notOk(history?.cells.some(({ cell }) => cell === "pv[debian-12]"));
  t.match(history?.changes, [{ run: "night--2", cells: [PV] }]);
  const starts = history?.trends.find(({ name }) => name === "start of the host");
  t.match(starts, { host: "debian-12", unit: "s" });
  t.match(starts?.points[0], { value: 7.3 });
  t.match(history?.trends.find(({ name }) => name === `duration of ${PV}`)?.points, { length: 2 });
});

t.test("downtime that a scenario names becomes a curve", async (t) => {
  const earlier = [150, 160].map((downtime_ms, at) => past(-2 + at, { figures: { downtime_ms } }));
  const history = await runHistory(reduce(PASSING), earlier, PLACE);
  const curve = history?.trends.find(({ name }) => name === `downtime of ${PV}`);
  t.match(curve, { unit: "ms", points: [{ value: 150 }, { value: 160 }] });
});
