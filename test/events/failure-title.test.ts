import t from "tap";
import { failuresOf } from "../../harness/events/failure-title.ts";
import { reduce } from "../../harness/events/reduce.ts";
import type { CellResult } from "../../harness/events/result.ts";
import { planned, RUN_STARTED, stream } from "./fixtures/streams.ts";

function failed(host: string, reason: string, more: Partial<CellResult> = {}): CellResult {
  const { cells } = reduce(
    stream(
      RUN_STARTED,
      ["planned", { cells: [planned("disk", host)] }],
      [
        "cell-ended",
        { cell: `disk[${host}]`, attempt: 1, status: "failed", code: "ASSERTION", reason, ms: 1 },
      ],
    ),
  );
  return { ...cells[0]!, ...more };
}

t.test("one failure in ten cells is one row; what differs is left open", async (t) => {
  const cells = Array.from({ length: 10 }, (_, at) =>
    failed(
      `debian-${at}`,
      `libxl: disk ${at} of 0f3b9c1e-1111-4222-8333-44445555666${at} fails on debian-${at} after ${at}.2 s`,
    ),
  );
  const failures = failuresOf(cells);
  t.equal(failures.length, 1);
  t.equal(failures[0]?.cells.length, 10);
  t.equal(failures[0]?.title, "libxl: disk … of … fails on … after … s");
});

t.test("other words, another status or another code are another failure", async (t) => {
  const failures = failuresOf([
    failed("debian-11", "libxl: the disk is not added"),
    failed("debian-12", "libxl: the disk is not removed"),
    failed("debian-13", "libxl: the disk is not added", { status: "timedout" }),
    failed("debian-sid", "libxl: the disk is not added", { code: "OTHER" }),
  ]);
  t.equal(failures.length, 4);
});

t.test("a known issue has its own title, whatever the sentences say", async (t) => {
  const known = { issue: "K02", title: "Live migration fails" };
  const failures = failuresOf([
    failed("debian-11", "libvirtd: it hangs", { known }),
    failed("debian-12", "guest: it is gone", { known }),
    failed("debian-13", "guest: it is gone"),
  ]);
  t.match(failures, [{ title: "Live migration fails" }, { title: "guest: it is gone" }]);
});

t.test("the failure of most cells comes first; green cells are none", async (t) => {
  const failures = failuresOf([
    failed("debian-11", "one"),
    failed("debian-12", "", { status: "passed" }),
    failed("debian-12", "two"),
    failed("debian-13", "two"),
  ]);
  t.match(failures, [{ title: "two" }, { title: "one" }]);
  t.equal(failuresOf([failed("debian-11", "")])[0]?.title, "failed", "a silent one is named");
});
