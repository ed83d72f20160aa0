import fc from "fast-check";
import { join } from "node:path";
import t from "tap";
import { EventsCorrupt, EventsTooNew, EventsUnreadable } from "../../harness/events/errors.ts";
import { parseEvents, readEvents } from "../../harness/events/reader.ts";
import { MIXED, PASSING } from "./fixtures/streams.ts";

const lines = PASSING.map((event) => JSON.stringify(event));
const text = `${lines.join("\n")}\n`;

t.test("a newer version is refused, wherever it begins", async (t) => {
  const newer = JSON.stringify({ v: 2, what: "nobody knows yet" });
  for (const all of [`${newer}\n`, `${lines[0]}\n${newer}`]) {
    t.throws(() => parseEvents(all, "events.jsonl"), EventsTooNew);
  }
});

t.test("a stream torn at any byte gives the whole lines before it", async () => {
  const bytes = Buffer.from(MIXED.map((event) => `${JSON.stringify(event)}\n`).join(""));
  fc.assert(
    fc.property(fc.nat({ max: bytes.length }), (length) => {
      const kept = bytes.subarray(0, length);
      const { events } = parseEvents(kept.toString("utf8"), "torn");
      const whole = kept.toString("utf8").split("\n").length - 1;
      // A last line that lacks nothing but its newline counts.
      return events.length === whole || events.length === whole + 1;
    }),
  );
});

t.test("a torn last line is left out and reported", async (t) => {
  t.strictSame(parseEvents(text.slice(0, -10), "x"), { events: PASSING.slice(0, -1), torn: true });
  t.strictSame(parseEvents(text.slice(0, -1), "x"), { events: PASSING, torn: false });
  t.strictSame(parseEvents("", "x"), { events: [], torn: false });
});

for (const [name, line, detail] of [
  ["broken JSON", '{"v":1', "line 2 of x"],
  ["not an object", "[]", "not a JSON object"],
  ["no envelope", '{"v":1,"type":"warning"}', "v, seq or time is missing"],
  ["no type", '{"v":1,"seq":0,"time":"x"}', "its type is missing"],
  [
    "a field is missing",
    event("phase-ended", { scope: "a", phase: "b" }),
    "phase-ended.ms is missing",
  ],
  [
    "a field has another type",
    event("planned", { cells: {} }),
    "planned.cells is object, not array",
  ],
] as const) {
  t.test(`a line in the middle that is no event: ${name}`, async (t) => {
    const parse = () => parseEvents(`${lines[0]}\n${line}\n${lines[1]}\n`, "x");
    t.throws(parse, EventsCorrupt);
    t.throws(parse, { code: "EVENTS_CORRUPT", message: new RegExp(detail) });
  });
}

t.test("a type of this version that is not known yet is left out", async (t) => {
  const added = event("coffee-brewed", { cups: 2 });
  t.strictSame(
    parseEvents(`${lines[0]}\n${added}\n${lines[1]}\n`, "x").events,
    PASSING.slice(0, 2),
  );
  t.strictSame(parseEvents(`${event("constructor", {})}\n`, "x").events, []);
});

t.test("a file that is not there is named", async (t) => {
  t.throws(() => readEvents(join(t.testdir(), "events.jsonl")), EventsUnreadable);
});

function event(type: string, body: object): string {
  return JSON.stringify({ v: 1, seq: 0, time: "2026-03-01T10:00:00.000Z", type, ...body });
}
