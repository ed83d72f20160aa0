import fc from "fast-check";
import t from "tap";
import { reduce } from "../../../harness/events/reduce.ts";
import type { RunEvent } from "../../../harness/events/schema.ts";
import { htmlPage } from "../../../reports/html/page.ts";
import { PASSING, RUN_STARTED, stream } from "../../events/fixtures/streams.ts";
import { checkedRun } from "../fixtures/checked.ts";
import { SHOWCASE } from "../fixtures/showcase.ts";
import { HOSTILE, hostileRun } from "./hostile.ts";

const PLACE = { page: "/runs/1", run: "/runs/1" };
const showcase = htmlPage(reduce(SHOWCASE), PLACE);

/** Elements with the names of their attributes, in order: what a browser would see of markup. */
function skeleton(page: string): string[] {
  const tags = page.matchAll(/<[^>]*>/g);
  return [...tags].map(([tag]) => tag.replace(/="[^"]*"/g, "").replace(/\s+/g, " "));
}

t.test("each status is on the page, by word and by sign", async (t) => {
  for (const [sign, word] of [
    ["✖", "failed"],
    ["◔", "timed out"],
    ["!", "error"],
    ["■", "interrupted"],
    ["≈", "flaky"],
    ["✔", "passed"],
    ["–", "skipped"],
  ]) {
    t.match(showcase, `<b aria-hidden="true">${sign}</b> ${word}`);
  }
});

t.test("a red cell says what happened, how to see it again, and what is known", async (t) => {
  t.match(showcase, "migration of guest-pv-0 ends with: operation failed");
  t.match(showcase, "./xenloop run live-migration --host debian-12");
  t.match(showcase, /Known issue <b>K02<\/b>: Live migration fails while/);
  t.match(showcase, /<mark>\(XEN\) Assertion &#39;spin_is_locked/);
  t.match(showcase, `href="./cells/live-migration_debian-12/attempt-1/serial.log"`);
  t.match(showcase, /xen version<\/dt>\s*<dd>4.17.5</);
  t.match(showcase, /Attempt 1 of 2[\s\S]*Attempt 2 of 2/);
});

t.test("a patched cell says what the patch did to it", async (t) => {
  const run = checkedRun({ "pv-boot": { base: "failed", patched: "passed" } });
  t.match(htmlPage(reduce(run), PLACE), /libvirt=patched\]<\/span>\s*<b class="tag">fixed<\/b>/);
});

/** What a page lists as broken. */
function broken(events: readonly RunEvent[]): string {
  const page = htmlPage(reduce(events), PLACE);
  return /<h2>What broke<\/h2>([^]*?)<\/section>/.exec(page)?.[1] ?? "";
}

t.test("what fails without the patch is not what broke", async (t) => {
  const [base, patched] = ["libvirt=base]</a>", "libvirt=patched]</a>"];
  const fixed = checkedRun({ "pv-boot": { base: "failed", patched: "passed" } });
  t.equal(broken(fixed), "");
  const both = broken(checkedRun({ "pv-boot": { base: "timedout", patched: "failed" } }));
  t.match(both, patched);
  t.notMatch(both, base);
  const unseen = checkedRun({ "pv-boot": { base: "error", patched: "passed" } });
  t.match(broken(unseen), base, "that it was not seen is why there is no verdict");
  const old = fixed.filter(({ type }) => type !== "compared");
  t.match(broken(old), base, "a check that was recorded before is told as it was");
});

t.test("every link in the page leads to something in the page", async (t) => {
  const anchors = [...showcase.matchAll(/href="#([^"]+)"/g)].map(([, anchor]) => anchor);
  t.ok(anchors.length > 28);
  for (const anchor of new Set(anchors)) t.match(showcase, `id="${anchor}"`);
});

t.test("nothing is fetched from anywhere", async (t) => {
  t.equal(/(?:src|href|action)="(?!#|\.\/)/.exec(showcase), null);
  t.equal(/url\(|@import/.exec(showcase), null);
  t.match(showcase, `default-src &#39;none&#39;`);
});

t.test("runs that passed, that are empty or that were killed have pages too", async (t) => {
  t.match(htmlPage(reduce(PASSING), PLACE), "All 2 passed");
  t.match(htmlPage(reduce(stream(RUN_STARTED)), PLACE), "Nothing ran");
  t.match(htmlPage(reduce(SHOWCASE.slice(0, 40)), PLACE), "the runner was killed");
});

t.test("a page that lies elsewhere still finds the evidence", async (t) => {
  const page = htmlPage(reduce(SHOWCASE), { page: "/home/u/out", run: "/home/u/runs/1" });
  t.match(page, `href="./../runs/1/cells/live-migration_debian-12/attempt-1/serial.log"`);
});

const harmless = skeleton(htmlPage(hostileRun("x"), PLACE));

t.test("inert: markup, terminal controls, reordering, mentions, links", async (t) => {
  for (const [at, text] of HOSTILE.entries()) {
    const page = htmlPage(hostileRun(text), PLACE);
    t.strictSame(evidenceAside(skeleton(page)), evidenceAside(harmless), `text ${at}`);
    const controls = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/.exec(
      page,
    );
    t.equal(controls, null);
    t.equal(/href="(?!#|\.\/[^."])/.exec(page), null);
  }
});

t.test("inert: any text", async () => {
  const pieces = fc.constantFrom(...HOSTILE, "<", ">", '"', "'", "&", "<script>", " ", "=");
  const texts = fc.array(fc.oneof(pieces, fc.string({ unit: "binary" })), { maxLength: 8 });
  fc.assert(
    fc.property(texts, (parts) => {
      const text = `x${parts.join("")}x`;
      const page = htmlPage(hostileRun(text), PLACE);
      const [seen, wanted] = [evidenceAside(skeleton(page)), evidenceAside(harmless)];
      return seen.join("\n") === wanted.join("\n");
    }),
    { numRuns: 40 },
  );
});

t.test("5 MB of console make neither a huge page nor a slow one", async (t) => {
  const started = performance.now();
  const long = "<b>".repeat(1_700_000);
  const page = htmlPage(hostileRun("x", [long, ...Array<string>(50_000).fill("line <i>")]), PLACE);
  t.ok(page.length < 100_000, `${page.length} characters`);
  t.ok(performance.now() - started < 3000);
});

/** A path that leads out of the run has no link; all else must be the same. */
function evidenceAside(tags: readonly string[]): string[] {
  const files = tags.findIndex((tag) => tag.includes('class="files"') || tag === "<ul class>");
  return files === -1 ? [...tags] : tags.filter((tag) => tag !== "<a href>" && tag !== "</a>");
}
