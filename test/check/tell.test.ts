import t from "tap";
import { withVariants } from "../../harness/check/axis.ts";
import { compareCells } from "../../harness/check/compare.ts";
import { tellComparisons } from "../../harness/check/tell.ts";
import { EventBus } from "../../harness/events/bus.ts";
import type { CellResult } from "../../harness/events/result.ts";
import type { CellStatus } from "../../harness/events/status.ts";
import { planned } from "../events/fixtures/streams.ts";

t.test("the base is told once, and each patch of a series with its effect", async (t) => {
  const statuses: Record<string, CellStatus> = {
    base: "failed",
    "patch-1": "failed",
    "patch-2": "passed",
  };
  const names = ["patch-1", "patch-2"];
  const cells = withVariants([planned("pv-boot", "debian-12")], names, "libvirt").map(
    (cell): CellResult => {
      const status = statuses[cell.axes["libvirt"] ?? ""] ?? "skipped";
      const reason = status === "failed" ? "the guest does not speak" : "";
      return { ...cell, status, reason, ms: 1, excerpt: [], facts: {}, comments: [], attempts: [] };
    },
  );
  const told: unknown[] = [];
  const bus = new EventBus();
  bus.subscribe(({ v: _v, seq: _seq, time: _time, ...event }) => told.push(event));
  tellComparisons(compareCells(cells), bus);
  const of = (build: string) => `pv-boot[debian-12,libvirt=${build}]`;
  const patched = { type: "compared", role: "patched", base: "failed" };
  t.strictSame(told, [
    { type: "compared", cell: of("base"), role: "base" },
    { ...patched, cell: of("patch-1"), effect: "fails as before" },
    { ...patched, cell: of("patch-2"), effect: "fixed" },
  ]);
});
