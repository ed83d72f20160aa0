import fc from "fast-check";
import { Parser } from "tap-parser";
import t from "tap";
import { parse } from "yaml";
import { reduce } from "../../../harness/events/reduce.ts";
import { tapDocument } from "../../../reports/tap/document.ts";
import { MIXED, PASSING, planned, RUN_STARTED, stream } from "../../events/fixtures/streams.ts";
import { checkedRun } from "../fixtures/checked.ts";
import { matchGolden } from "../fixtures/golden.ts";

type Point = { ok: boolean; name: string; skip?: string; diag?: Record<string, unknown> };

function read(text: string) {
  const points: Point[] = [];
  const extra: string[] = [];
  const parser = new Parser({ strict: true });
  parser.on("assert", (point) => points.push(point as unknown as Point));
  parser.on("extra", (line) => extra.push(line));
  parser.end(text);
  return { points, extra, results: parser.results };
}

const codeUnit = fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code));

t.test("one point a cell, with what a failure needs", async (t) => {
  const text = tapDocument(reduce(MIXED));
  matchGolden(t, "mixed.tap", text);
  const { points, extra, results } = read(text);
  t.strictSame(extra, []);
  t.match(results, { count: 5, pass: 2, fail: 3, skip: 1, failures: [{}, {}, {}] });
  t.match(points[0], {
    ok: false,
    name: "pv-boot[debian-12]",
    diag: { status: "failed", failed: ["the guest has 2 vcpus"] },
  });
  t.equal(points[3]?.skip, "needs libvirt >=5.2, the host has 4.0");
});

t.test("a run that passes is ok", async (t) => {
  t.equal(read(tapDocument(reduce(PASSING))).results?.ok, true);
});

t.test("what fails without the patch, or as before with it, is skipped", async (t) => {
  const events = checkedRun({ "pv-boot": { base: "failed", patched: "failed" } });
  const { points, extra, results } = read(tapDocument(reduce(events)));
  t.strictSame(extra, []);
  t.match(results, { ok: true, count: 3, fail: 0, skip: 2 });
  t.strictSame(
    points.slice(1).map(({ skip }) => skip),
    [
      "fails as before: the guest of pv-boot does not speak",
      "fails without the patch: the guest of pv-boot does not speak",
    ],
  );
  const unseen = checkedRun({ "pv-boot": { base: "error", patched: "failed" } });
  t.match(read(tapDocument(reduce(unseen))).results, { fail: 2, skip: 0 });
  const old = events.filter(({ type }) => type !== "compared");
  t.match(read(tapDocument(reduce(old))).results, { fail: 2, skip: 0 });
});

t.test("nothing ran: an empty plan; and after an error it bails out", async (t) => {
  const end = (exitCode: number, reason: string) =>
    tapDocument(reduce(stream(RUN_STARTED, ["run-ended", { exitCode, reason, ms: 1 }])));
  t.match(read(end(0, "")).results, { count: 0, bailout: false });
  t.match(read(end(2, "no disk space")).results, { bailout: "no disk space" });
});

t.test("hostile text stays inside its place", async () => {
  fc.assert(
    fc.property(fc.string({ unit: codeUnit }), (reason) => {
      const cells = [planned("a", "h"), planned("b", "h", { excluded: reason })];
      const ended = { cell: "a[h]", attempt: 1, status: "failed" as const, reason, ms: 1 };
      const excerpt = [reason, "not ok 7", "...", "Bail out!"];
      const text = tapDocument(
        reduce(stream(RUN_STARTED, ["planned", { cells }], ["cell-ended", { ...ended, excerpt }])),
      );
      const block = /^ {2}---\n([^]*?)^ {2}\.\.\.$/m.exec(text)?.[1] ?? "";
      const { points, results } = read(text);
      const diagnostics = parse(block.replace(/^ {2}/gm, "")) as { console: string[] };
      return points.length === 2 && results?.fail === 1 && diagnostics.console[1] === "not ok 7";
    }),
  );
});
