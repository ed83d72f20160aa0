import t from "tap";
import { reduce } from "../../../harness/events/reduce.ts";
import type { RunResult } from "../../../harness/events/result.ts";
import { bodies } from "../../../reports/github/body.ts";
import { annotationsOf } from "../../../reports/github/check.ts";
import { conclusionOf, headline } from "../../../reports/github/headline.ts";
import { planned, RUN_STARTED, stream } from "../../events/fixtures/streams.ts";
import { checkedRun } from "../fixtures/checked.ts";

const PATCHED = "pv-boot[debian-12,libvirt=patched]";
const BASE = "pv-boot[debian-12,libvirt=base]";

/** The sections of the comment, each title with its text. */
function sectionsOf(result: RunResult): Record<string, string> {
  const [full = ""] = bodies(result, {});
  const beforeFolded = full.split("<details>")[0] ?? "";
  const parts = beforeFolded.split(/^### /m).slice(1);
  return Object.fromEntries(
    parts.map((part) => {
      const [title = "", ...text] = part.split("\n");
      return [title, shown(text.join("\n"))];
    }),
  );
}

/** As a reader sees it. */
function shown(markdown: string): string {
  return markdown
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll("\u200b", "");
}

t.test("red without the patch and good with it: fixed, and no failure", async (t) => {
  const result = reduce(checkedRun({ "pv-boot": { base: "failed", patched: "passed" } }));
  t.equal(conclusionOf(result), "success");
  t.equal(headline(result), "1 fixed, 2 passed");
  const sections = sectionsOf(result);
  t.strictSame(Object.keys(sections), ["Fixed: red before this change"]);
  t.match(Object.values(sections)[0], `<code>${PATCHED}</code>: without the patch: failed`);
  t.strictSame(annotationsOf(result), []);
});

t.test("red with both: red before, which leaves the check neutral", async (t) => {
  const green = { "hvm-boot": { base: "passed", patched: "passed" } } as const;
  const result = reduce(checkedRun({ "pv-boot": { base: "failed", patched: "failed" }, ...green }));
  t.equal(result.exitCode, 0);
  t.equal(conclusionOf(result), "neutral");
  t.equal(headline(result), "1 still red, 2 passed");
  const sections = sectionsOf(result);
  t.strictSame(Object.keys(sections), ["Red before this change"]);
  t.match(sections["Red before this change"], PATCHED);
  t.notMatch(sections["Red before this change"], BASE);
  t.match(annotationsOf(result), [{ annotation_level: "notice", message: PATCHED }]);
});

t.test("good without the patch and red with it: a new failure", async (t) => {
  const result = reduce(checkedRun({ "pv-boot": { base: "passed", patched: "timedout" } }));
  t.equal(conclusionOf(result), "failure");
  t.equal(headline(result), "1 new failure, 1 passed");
  const sections = sectionsOf(result);
  t.strictSame(Object.keys(sections), ["New failures"]);
  t.match(sections["New failures"], PATCHED);
  t.match(annotationsOf(result), [{ annotation_level: "failure", message: PATCHED }]);
});

t.test("not seen with one of the two: no proof, and it is said of which", async (t) => {
  const patched = reduce(checkedRun({ "pv-boot": { base: "passed", patched: "error" } }));
  t.equal(conclusionOf(patched), "failure");
  t.strictSame(Object.keys(sectionsOf(patched)), ["New failures"]);
  const base = reduce(checkedRun({ "pv-boot": { base: "error", patched: "passed" } }));
  t.equal(conclusionOf(base), "failure");
  const title = "Not seen without the patch: nothing to compare with";
  t.match(sectionsOf(base), { [title]: `${BASE}</code>: the guest of pv-boot does not speak` });
  const cut = reduce(checkedRun({ "pv-boot": { base: "interrupted", patched: "passed" } }));
  t.equal(conclusionOf(cut), "cancelled");
});

t.test("red with it, and not seen without: undecided, and no new failure", async (t) => {
  for (const status of ["failed", "timedout"] as const) {
    const result = reduce(checkedRun({ "pv-boot": { base: "error", patched: status } }));
    t.equal(conclusionOf(result), "failure");
    t.equal(headline(result), "1 undecided, 1 unseen without the patch, 1 passed");
    const sections = sectionsOf(result);
    const title = "Not seen without the patch: nothing to compare with";
    t.strictSame(Object.keys(sections), [title]);
    for (const id of [PATCHED, BASE]) {
      t.match(sections[title], `<code>${id}</code>: the guest of pv-boot does not speak`);
    }
    t.match(annotationsOf(result), [
      { annotation_level: "warning", message: PATCHED },
      { annotation_level: "failure", message: BASE },
    ]);
  }
  const skipped = reduce(checkedRun({ "pv-boot": { base: "skipped", patched: "failed" } }));
  t.equal(headline(skipped), "1 undecided, 1 passed");
  t.equal(conclusionOf(skipped), "failure", "also where no machine is to blame");
});

t.test("where nothing works without the patch, it is said that it is not judged", async (t) => {
  const line = /^Nothing works without the change either: it is not judged\.$/m;
  const red = { base: "failed", patched: "failed" } as const;
  const result = reduce(checkedRun({ "pv-boot": red, "hvm-boot": red }));
  t.equal(result.exitCode, 2);
  t.equal(conclusionOf(result), "failure");
  t.equal(headline(result), "2 still red, 1 passed");
  for (const body of bodies(result, {})) t.match(body, line);
  for (const status of ["passed", "error"] as const) {
    const other = { base: status, patched: status };
    const run = reduce(checkedRun({ "pv-boot": red, "hvm-boot": other }));
    t.notMatch(bodies(run, {})[0], line, `the other one: ${status}`);
  }
});

t.test("an effect that is not known here is new where the cell is red", async (t) => {
  const events = checkedRun({
    "pv-boot": { base: "failed", patched: "failed" },
    "hvm-boot": { base: "passed", patched: "passed" },
  }).map((event) =>
    event.type === "compared" && event.effect !== undefined
      ? { ...event, effect: "something else" }
      : event,
  );
  const result = reduce(events);
  t.equal(conclusionOf(result), "failure");
  t.equal(headline(result), "1 new failure, 2 passed");
});

t.test("earlier runs have no say: their cells had another patch", async (t) => {
  const result = reduce(checkedRun({ "pv-boot": { base: "passed", patched: "failed" } }));
  const firstBad = { run: "r0", at: "2026-01-01T00:00:00Z", versions: {} };
  const cells = [{ cell: PATCHED, runs: 2, flakes: 0, recent: [], firstBad }];
  const old = { ...result, history: { cells, changes: [], trends: [] } };
  t.equal(headline(old), "1 new failure, 1 passed");
});

t.test("what a build tried is told, also when nothing breaks", async (t) => {
  const text = "the build is not to be trusted: it tries to reach the network: `curl` @x";
  const events = checkedRun({ "pv-boot": { base: "passed", patched: "passed" } }, [text]);
  const result = reduce(events);
  t.equal(conclusionOf(result), "success");
  const sections = sectionsOf(result);
  t.strictSame(Object.keys(sections), ["What builds tried"]);
  t.match(
    sections["What builds tried"],
    `- <code>build[debian-12,libvirt=patched]</code>: ${text}`,
  );
  t.notMatch(bodies(result, {})[0], "`curl`", "its words are not markup");
});

t.test("a scenario with the tag of builds is none", async (t) => {
  const cell = planned("make-kernel", "debian-12", { tags: ["build"] });
  const result = reduce(
    stream(
      RUN_STARTED,
      ["planned", { cells: [cell] }],
      ["comment", { cell: cell.id, text: "with two jobs" }],
      ["cell-ended", { cell: cell.id, attempt: 1, status: "passed", reason: "", ms: 1 }],
      ["run-ended", { exitCode: 0, reason: "", ms: 1 }],
    ),
  );
  t.equal(headline(result), "1 passed");
  t.strictSame(sectionsOf(result), {});
});

t.test("a check that was recorded before is told as it was", async (t) => {
  const events = checkedRun({ "pv-boot": { base: "failed", patched: "passed" } });
  const old = reduce(events.filter(({ type }) => type !== "compared"));
  t.equal(conclusionOf(old), "failure");
  t.equal(headline(old), "1 new failure, 2 passed");
  t.match(sectionsOf(old)["New failures"], BASE);
});
